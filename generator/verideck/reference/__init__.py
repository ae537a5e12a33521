"""The definitions every answer is held against, written to be read beside the papers.

Read in this order: `attention`, `masks`, `focus`, `multihead`, `layers`, `shapes`, `flow`, `accounting`,
`training`, `reversible`, `replay`, `lsh`, `conventions`, `lsh_attention`, `collisions`, `complexity`,
`counting`, `learning`, and the `experiments` on them. Each module names its paper and equations, introduces
the paper's symbols once, and ends every line that makes a tensor with the tensor's shape. Tensors are float64
where nothing else is asked for. Nothing is imported but torch and the standard library; `shapes`,
`complexity` and `conventions` need no torch at all.

Papers:

- Vaswani et al. 2017, "Attention Is All You Need".
- Gomez, Ren, Urtasun, Grosse 2017, "The Reversible Residual Network".
- Andoni et al. 2015, "Practical and Optimal LSH for Angular Distance".
- Kitaev, Kaiser, Levskaya 2020, "Reformer: The Efficient Transformer".
"""
