"""The screen's entrance: lists the pages, nothing else. Start it with ``streamlit run app.py``."""

import streamlit as st

from coder.ui import widgets

PAGES = (
    ("transcripts", "访谈稿", ":material/description:"),
    ("review", "复核", ":material/rule:"),
    ("search", "检索", ":material/search:"),
    ("codebook", "词典", ":material/menu_book:"),
    ("export", "导出", ":material/download:"),
    ("model", "模型", ":material/memory:"),
)

st.set_page_config("行为事件访谈编码", "coder/ui/icon.png", layout="wide", initial_sidebar_state=232)
page = st.navigation(
    [st.Page(f"coder/ui/pages/{name}.py", title=title, icon=icon) for name, title, icon in PAGES]
)
widgets.run(page)
