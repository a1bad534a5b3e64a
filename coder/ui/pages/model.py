"""模型: which model proposes, and what it was made of."""

import streamlit as st

from coder.ui import quality, state

st.title("模型", anchor=False)
loader = state.engine_loader()
desk = state.desk()
lexicon = desk.knowledge.lexicon
if loader.error:
    st.error(loader.error, icon=":material/error:")
elif loader.engine is None:
    st.info("模型正在准备，见左侧进度；这期间可以看导览。", icon=":material/hourglass_top:")
else:
    models = loader.engine.models
    columns = st.columns(4)
    columns[0].metric("模型版本", models.version)
    columns[1].metric("编码手册", f"{desk.codebook.id} {desk.codebook.version}")
    columns[2].metric("词典版本", lexicon.version[:12])
    columns[3].metric("建议的最低把握", f"{models.threshold:.2f}")
    st.write(
        "模型在本机训练，只用随程序附带的合成语料；版本由语料、词典、参数、分词器和程序库共同决定，"
        "其中任何一样改变，都会重新训练并得到新的版本号。每次编码都记下所用的版本。"
    )
report = quality.read(desk.settings.samples)
if report:
    quality.show(report, desk.codebook)
else:
    st.caption(
        "还没有测量过质量：运行 python -m coder evaluate --json samples/quality.json，结果就显示在这里。"
    )
st.subheader("由什么构成", anchor=False)
samples = desk.settings.samples
st.table(
    [
        {"来源": "合成访谈稿及编码", "数量": len(list((samples / "codings").glob("*.json")))},
        {"来源": "行为指标", "数量": len(lexicon.indicators)},
        {"来源": "提示词（否定、假设、习惯、他人……）", "数量": len(lexicon.cues)},
        {"来源": "胜任特征（可建议的）", "数量": len(desk.codebook.suggested_codes)},
    ]
)
