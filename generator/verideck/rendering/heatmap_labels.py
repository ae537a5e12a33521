"""The words in and beside heatmaps, by language; a part of `labels`."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = ("query", "key", "masked", "weight", "score", "value", "covered", "covered_map", "predict")


def _words(*words: str) -> Mapping[str, str]:
    return dict(zip(_NAMES, words, strict=True))


LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": _words(
        *("query", "key", "masked", "weight", "score", "value", "covered"),
        "A heatmap whose values are still covered.",
        "Predict first, then tap a cell to see it.",
    ),
    "de": _words(
        *("Query", "Key", "maskiert", "Gewicht", "Score", "Wert", "verdeckt"),
        "Eine Heatmap, deren Werte noch verdeckt sind.",
        "Erst vorhersagen, dann eine Zelle antippen.",
    ),
    "fr": _words(
        *("requête", "clé", "masqué", "poids", "score", "valeur", "caché"),
        "Une carte de chaleur dont les valeurs sont encore cachées.",
        "Prédisez d'abord, puis touchez une case pour la voir.",
    ),
    "es": _words(
        *("consulta", "clave", "enmascarado", "peso", "puntuación", "valor", "oculto"),
        "Un mapa de calor con los valores aún ocultos.",
        "Primero predice; después toca una celda para verla.",
    ),
    "it": _words(
        *("query", "chiave", "mascherato", "peso", "punteggio", "valore", "coperto"),
        "Una mappa di calore con i valori ancora coperti.",
        "Prima prevedi, poi tocca una cella per vederla.",
    ),
    "pt": _words(
        *("consulta", "chave", "mascarado", "peso", "pontuação", "valor", "coberto"),
        "Um mapa de calor com os valores ainda cobertos.",
        "Primeiro preveja; depois toque numa célula para a ver.",
    ),
    "nl": _words(
        *("query", "key", "gemaskeerd", "gewicht", "score", "waarde", "bedekt"),
        "Een heatmap waarvan de waarden nog bedekt zijn.",
        "Voorspel eerst en tik dan op een cel om die te zien.",
    ),
    "ja": _words(
        *("クエリ", "キー", "マスク", "重み", "スコア", "値", "非表示"),
        "値がまだ隠されているヒートマップ。",
        "まず予想し、それからセルをタップして確かめましょう。",
    ),
    "zh": _words(
        *("查询", "键", "已遮蔽", "权重", "得分", "数值", "未揭示"),
        "数值尚未揭示的热力图。",
        "先预测, 再点按单元格查看。",
    ),
}
