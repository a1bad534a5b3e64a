"""访谈稿"""
import streamlit as st
st.write("x")
