"""Calls that a text names though nothing serves them: of before, of plans, of reports, of doubles, of others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.align import elsewhere, moods, paths, purpose, stance
from conformance.align.markdown import Piece
from conformance.align.vocabulary import Vocabulary

WINDOW = 160
"""Characters beside a call that are asked what they say of it."""
METHOD = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b(?:[\W_]*|[`*_]*\s+(?:[a-z]+\s+){1,5}[`*_'\"]*)$")
UNBUILT = re.compile(
    r"\b(?:planned|proposed|proposals?|experiments?|spikes?|wish\s*list)\b|"
    r"\b(?:an?|the|our|my)\s+(?:\w+\s+)?(?:drafts?|sketch(?:es)?|prototypes?)\s+(?:\w+\s+){0,2}?(?:had|used|said|proposed|spoke|called|knew|was|were)\b|"
    r"\bon\s+(?:a|the|her|his|their)\s+(?:\w+\s+)?branch\b|"
    r"\b(?:not|never|nor)\s+(?:\w+\s+){0,2}?(?:built|merged|shipped|released|implemented|deployed|existed|went\s+live|made\s+it)\b|"
    r"\bwould\s+(?:\w+\s+)?(?:call|use|be|send|become|have|need|take)\b|"
    r"\boff\s+(?:everywhere|by\s+default|for\s+everyone)\b|\bbehind\s+(?:an?|the)\s+(?:\S+\s+)?flag\b|"
    r"\b(?:geplant|vorgeschlagen|entwurf|prévue?|proposée?|prevista?|planead[oa]|dự\s+kiến|đề\s+xuất)\b",
    re.IGNORECASE,
)
"""What is said of a call that somebody only had in mind."""
PAST = re.compile(
    r"\b(?:in|with|under|on)\s+(?:v|version\s+|release\s+)?[01](?:\.\w+)*\b[^.]{0,80}\b(?:had|was|were|called|did|took|went|used)\b|"
    r"\bhad\s+to\b|\b(?:once|formerly|previously|originally|initially)\b[^.]{0,60}\b(?:was|were|had|called|went|took|lived|sat)\b|"
    r"\b(?:was|were|lived|sat|went|stood)\s+(?:\w+\s+){0,3}?(?:once|formerly|previously|originally|initially|before)\b|"
    r"\b(?:früher|damals|vormals|autrefois|anciennement|antes|antigamente|prima|vroeger|dawniej|trước\s+(?:đây|kia))\b",
    re.IGNORECASE,
)
"""What tells of a call of before."""
REPORTED = re.compile(
    r"\b(?:report(?:ed|s)?|complain(?:ed|s)?|wrote|writes|ask(?:ed|s)|claim(?:ed|s)|said|says|mail(?:ed|s)?|ticket|bug|typo|mistake)\b",
    re.IGNORECASE,
)
"""Who is quoted."""
REFUSED = re.compile(
    r"[`*_'\")]*,?\s*(?:is|was|are|were|gets?|got|will\s+be|would\s+be)\s+(?:\w+\s+)?(?:answered|refused|rejected|met|turned\s+down)\s*"
    r"(?:with|by|as|:)?\s*(?:an?\s+)?(?:HTTP\s+)?[`*]*(?:40[45]|501)\b",
    re.IGNORECASE,
)
"""What follows a call that is not there."""
DOUBLE = re.compile(
    r"\b(?:stub(?:bed)?|fake|mock(?:ed)?|dummy|simulated|in-memory)[-\s]?(?:http\s+|api\s+|rest\s+|realtime\s+)?"
    r"(?:servers?|services?|back-?ends?|api|bff|endpoints?|handlers?|routes?|\.\w{2}\b)|\btest\s+doubles?\b|\bwire-?mock\b|\bmsw\b|\bsimulators?\b",
    re.IGNORECASE,
)
"""What stands for the service in tests, with calls of its own."""
BY = re.compile(
    r"\b\w+(?:ed|ne|wn|ves?|s)\s+(?:with|by|via|through|using|over)\s+(?:an?\s+|the\s+)?[`*_'\"(]*$", re.IGNORECASE
)
"""What says that a call is the means of something."""
HOSTS = re.compile(
    r"\b(?:load\s+balancers?|clusters?|kubelets?|kube-?\w*|ingress|gateways?|prox(?:y|ies)|side-?cars?|bff|nginx|traefik|caddy|haproxy|envoy|"
    r"identity|exporters?|prometheus|keycloak|database|consul|vault)\b",
    re.IGNORECASE,
)
"""What has probes of its own."""


def is_quoted(piece: Piece, words: Vocabulary, old: frozenset[str], subject: str, offset: int, sentence: str) -> bool:
    """Whether a call, or a path alone, is named as one that is not there, or of something else.

    Args:
        old: the headings of versions that have a later one.
        offset: where the path begins.
        sentence: its own sentence, item or row.
    """
    if purpose.is_quoted(piece, words, old, subject, offset, sentence):
        return True
    method, _, path = subject.rpartition(" ")
    fitting = paths.fitting(words.bundle, path)
    if any(not method or call.method == method for call in fitting):
        return False
    text = piece.text
    before = METHOD.sub("", text[max(0, offset - WINDOW) : offset])
    after = text[offset + len(path) :][:WINDOW]
    if BY.search(before):
        before = ""  # What is removed with a call is no call.
    if stance.gone(before, after) or moods.of_before(piece, before, after, sentence, retired=False):
        return True
    if UNBUILT.search(sentence) or PAST.search(sentence) or REFUSED.match(after):
        return True
    if REPORTED.search(sentence) and _is_in_quotes(before, after):
        return True
    if len(paths.parts(path)) == 1 and (HOSTS.search(sentence) or elsewhere.PRODUCTS.search(sentence)):
        return True
    return bool(fitting) and is_of_a_double((sentence, *piece.section[-1:]))


def is_of_a_double(around: Iterable[str]) -> bool:
    """Whether texts around a call say that it is one of what stands for the service in tests."""
    return any(DOUBLE.search(text) for text in around if text)


def _is_in_quotes(before: str, after: str) -> bool:
    """Whether a place stands within what somebody is quoted to have said."""
    if before.rfind("“") > before.rfind("”"):
        return True
    return before.count('"') % 2 == 1 and '"' in after
