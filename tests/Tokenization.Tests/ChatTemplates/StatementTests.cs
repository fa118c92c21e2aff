using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class StatementTests
{
    [Theory]
    [InlineData("{% if x == 1 %}a{% elif x == 2 %}b{% else %}c{% endif %}", "b")]
    [InlineData("{% if not x %}a{% endif %}", "")]
    public void If_TakesTheFirstTrueBranch(string source, string expected) =>
        Assert.Equal(expected, TemplateTest.Render(source, """{"x":2}"""));

    [Theory]
    [InlineData("{% for i in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ "
        + "loop.last }}{{ loop.length }} {% endfor %}", "1032TrueFalse3 2121FalseFalse3 3210FalseTrue3 ")]
    [InlineData("{% for i in [1, 2, 3] %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }}{{ loop.cycle('a', 'b') }}{% endfor %}",
        "<1>2a1<2>3b2<3>a")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}", "a1b2")]
    [InlineData("{% for k in {'a': 1} %}{{ k }}{% endfor %}{% for c in 'x😀' %}[{{ c }}]{% endfor %}", "a[x][😀]")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}{% for i in nothing %}{% else %}!{% endfor %}", "none!")]
    [InlineData("{% for i in range(6) if i is odd %}{{ i }}/{{ loop.length }} {% endfor %}", "1/3 3/3 5/3 ")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "023")]
    [InlineData("{% for i in range(3, 0, -1) %}{{ i }}{% endfor %}{% for i in 1, 2 %}{{ i }}{% endfor %}", "32112")]
    [InlineData("{% for n in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ n.v }}{{ loop.depth }}({{ loop(n.c) }}){% endfor %}",
        "11(22())")]
    [InlineData("{% for r in 'aab' %}{{ loop.changed(r) }} {% endfor %}", "True False True ")]
    public void For_AsJinja(string source, string expected) => Assert.Equal(expected, TemplateTest.Render(source));

    [Theory]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "21")]
    [InlineData("{% if true %}{% set x = 2 %}{% endif %}{{ x }}", "2")]
    [InlineData("{% set ns = namespace(x=1) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}", "4")]
    [InlineData("{% set a, b = 1, 2 %}{{ b }}{{ a }}", "21")]
    [InlineData("{% set t %}<{{ 1 + 1 }}>{% endset %}{{ t }}", "<2>")]
    [InlineData("{% set t | upper | trim %} a {% endset %}{{ t }}", "A")]
    [InlineData("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}", "3False")]
    [InlineData("{% filter upper | replace('A', 'B') %}a{{ 'c' }}{% endfilter %}", "BC")]
    [InlineData("{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }}", "1False")]
    public void Set_KeepsJinjasScopes(string source, string expected) => Assert.Equal(expected, TemplateTest.Render(source));

    [Theory]
    [InlineData("{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c='y') }} {{ m(a=3, b=4) }}",
        "12x 12y 34x")]
    [InlineData("{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}", "False")]
    [InlineData("{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, k=3) }}", "(1, 2){'k': 3}")]
    [InlineData("{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in{% endcall %}", "[in]")]
    [InlineData("{% macro m() %}{% for i in [1, 2] %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(x) m() %}<{{ x }}>{% endcall %}",
        "<1><2>")]
    [InlineData("{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "3210")]
    [InlineData("{% macro m() %}{{ later }}{% endmacro %}{% set later = 'l' %}{{ m() }}", "l")]
    [InlineData("{% macro m() %}{% set x = 1 %}{% endmacro %}{{ m() }}{{ x is defined }}", "False")]
    [InlineData("{% macro m() %}a{% endmacro %}{{ m() is string }}{{ (m() + 'b') | upper }}", "TrueAB")]
    public void Macro_AsJinja(string source, string expected) => Assert.Equal(expected, TemplateTest.Render(source));

    [Theory]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a {%- if true -%} \n b {%- endif %} c", "ab c")]
    [InlineData("a\n  {{ 1 }}\n", "a\n  1")]
    [InlineData("a  {{- 1 -}}  b", "a1b")]
    [InlineData("  {%+ if true %}\nx{% endif +%}\ny", "  x\ny")]
    [InlineData("a\n  {# note #}\nb{#- x -#} c", "a\nbc")]
    [InlineData("x {# {{ no }} {% no %} #} y", "x  y")]
    [InlineData("{% raw %}{{ x }}{% if %}{% endraw %}", "{{ x }}{% if %}")]
    [InlineData("a\r\nb\rc\n\n", "a\nb\nc\n")]
    [InlineData("{{ '{{' }}{{ '}}' }}{{ {'a': {'b': 1}}['a'] }}", "{{}}{'b': 1}")]
    [InlineData("{ % }", "{ % }")]
    public void Whitespace_IsTrimmedAsTransformersHasIt(string source, string expected) =>
        Assert.Equal(expected, TemplateTest.Render(source));

    [Fact]
    public void StrftimeNow_ReadsTheGivenClock() => Assert.Equal(
        "05 Jul 2024 July Friday 09:07 AM 24 187 5 9",
        TemplateTest.Render("{{ strftime_now('%d %b %Y %B %A %I:%M %p %y %j %-d %-H') }}",
            clock: new FakeTimeProvider(new(2024, 7, 5, 9, 7, 3, TimeSpan.Zero))));

    [Fact]
    public void RaiseException_KeepsItsOwnTextAndLine()
    {
        var error = TemplateTest.Fails("a\n{% if true %}\n{{ raise_exception('roles must ' + 'alternate') }}{% endif %}");
        Assert.Equal("roles must alternate", error.Reason);
        Assert.True(error.IsRaised);
        Assert.Equal(3, error.Line);
        Assert.Equal("chat template test, line 3: roles must alternate", error.Message);
    }

    [Theory]
    [InlineData("a\n{% if x %}", 2, "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'.")]
    [InlineData("{% include 'x' %}", 1, "Encountered unknown tag 'include'.")]
    [InlineData("{{ 1 + }}", 1, "unexpected 'end of print statement'")]
    [InlineData("{{ (1 }}", 1, "unexpected '}', expected ')'")]
    [InlineData("a\n\n{{ x", 3, "unexpected end of template, expected '}}'.")]
    [InlineData("{# x", 1, "Missing end of comment tag")]
    [InlineData("{% break %}", 1, "'break' outside loop")]
    [InlineData("{% set x 1 %}", 1, "expected token 'end of statement block', got '1'")]
    [InlineData("{{ 1 ? 2 }}", 1, "unexpected char '?' at 5")]
    public void Parse_BrokenSource_NamesTheLine(string source, int line, string reason)
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "broken"));
        Assert.Equal(reason, error.Reason);
        Assert.Equal(line, error.Line);
    }
}
