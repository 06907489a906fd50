"""Passwords that guessers try first: a list of our own, widened by what people do to a word (ASVS 5.0 6.2.4, 6.2.11).

A password is reduced to its core: small letters, signs and figures that stand for letters put back, ornaments at both
ends taken off. ``P@ssw0rd2026!``, ``password123`` and ``Password`` have one core, so a short list goes a long way.
"""

_AS_LETTERS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_WIDTHS = (1, 2, 3, 4)
_SHORTEST_RUN = 4

ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
"""Rows of characters that fingers run along, in both directions."""

_WORDS = """
password passwd pass pwd secret login welcome admin administrator root system sysadmin manager master user guest
test tester testing demo default changeme letmein access server oracle mysql public private hello love iloveyou
dragon monkey football baseball sunshine princess superman batman shadow michael jordan freedom whatever trustno
computer internet windows google android huawei xiaomi tencent alibaba baidu taobao weixin wechat alipay china
beijing shanghai zhongguo woaini woaizhongguo woaiwojia nihao mima wangluo xuexi laoshi xuesheng xuexiao daxue
jiaoyu jiaoyuting zhongxue xiaoxue zhibu dangzhibu shuji dangyuan dangwei gongchandang gansu lanzhou gansusheng
gansunongye gansunongyedaxue nongda gsau tianshui baiyin qingyang pingliang wuwei zhangye jiuquan jiayuguan jinchang
dingxi longnan linxia gannan shuangyou gongzuoshi shuangyougongzuoshi secadmin auditor publisher designer
secretariat committee shengweijiaoyugongwei jiaoyugongwei guanliyuan yonghu ceshi xitong qazwsx qwertyuiop asdfgh
zxcvbn zhangsan lisi wangwu
"""
WORDS = frozenset(_WORDS.split())
"""Cores nobody should build on: what is tried everywhere, and the words of this office, province and product."""


def is_common(password: str) -> bool:
    """Tell whether guessers would try ``password`` early: a listed word in disguise, a run of keys, a repetition."""
    plain = password.casefold()
    bare = "".join(char for char in plain if char.isalnum())
    if not bare or _is_run(bare) or _is_repetition(plain):
        return True
    return any(core in WORDS for core in _cores(bare, plain))


def _cores(bare: str, plain: str) -> set[str]:
    """What is left of a password without ornaments, as it stands and with figures and signs read as letters."""
    read = "".join(char for char in plain.translate(_AS_LETTERS) if char.isalpha())
    stripped = bare.strip("0123456789")
    inner = "".join(char for char in stripped.translate(_AS_LETTERS) if char.isalpha())
    ended = "".join(
        char for char in plain.rstrip("0123456789!@#$%^&*()-_=+.,?~ ").translate(_AS_LETTERS) if char.isalpha()
    )
    return {bare, read, stripped, inner, ended}


def _is_run(bare: str) -> bool:
    """Tell whether all of it runs along rows of keys or the alphabet: 12345678, qwerty123456, abc12345."""
    rest = bare
    while rest:
        length = next((size for size in range(len(rest), 2, -1) if _runs(rest[:size])), 0)
        if not length:
            return False
        rest = rest[length:]
    return len(bare) >= _SHORTEST_RUN


def _runs(part: str) -> bool:
    return any(part in row or part in row[::-1] for row in ROWS)


def _is_repetition(plain: str) -> bool:
    """Tell whether a short piece is said again and again: aaaaaaaa, ab12ab12ab12."""
    return any(plain == (plain[:width] * len(plain))[: len(plain)] for width in _WIDTHS if len(plain) > width * 2)
