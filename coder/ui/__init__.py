"""The screen: streamlit pages over the services. Nothing but app.py imports this."""
