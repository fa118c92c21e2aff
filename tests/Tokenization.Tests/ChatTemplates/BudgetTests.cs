using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class BudgetTests
{
    private const string Thousand = "range(1000)";

    [Theory]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% set x = a * b %}{% endfor %}{% endfor %}",
        "the template takes more than 10,000,000 steps")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "maximum recursion depth exceeded: macros and loops call themselves more than 200 deep")]
    [InlineData("{{ 'a' * 10 ** 12 }}", "the template makes a text or list of 33,554,433 items; the limit is 33,554,432")]
    [InlineData("{% set n = namespace(s='aaaaaaaa') %}{% for i in " + Thousand + " %}{% set n.s = n.s + n.s %}{% endfor %}",
        "the template makes a text or list of 67,108,864 items; the limit is 33,554,432")]
    [InlineData("{% set n = namespace(s='aaaaaaaa') %}{% for i in " + Thousand + " %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "the template makes a text or list of 67,108,864 items; the limit is 33,554,432")]
    [InlineData("{% set x = 'a' * 1000000 %}{% for i in " + Thousand + " %}{{ x }}{% endfor %}",
        "the template makes a text or list of 34,000,000 items; the limit is 33,554,432")]
    [InlineData("{% set n = namespace(i=3) %}{% for i in " + Thousand + " %}{% set n.i = n.i * n.i %}{% endfor %}",
        "an integer has more than 4096 bits")]
    [InlineData("{% set s = 'a' * 32000000 %}{% for i in range(100000) %}{% if 'b' in s %}{% endif %}{% endfor %}", null)]
    [InlineData("{% set s = 'a' * 32000000 %}{% for i in range(100000) %}{% if s is in(['b']) %}{% endif %}{% endfor %}", null)]
    [InlineData("{% set s = 'a' * 32000000 %}{% for i in range(100000) %}{% set x = s.find('b') %}{% endfor %}", null)]
    [InlineData("{% set s = 'a' * 32000000 %}{% for i in range(100000) %}{% set x = s | length %}{% endfor %}", null)]
    [InlineData("{% set n = namespace(l=[]) %}{% for i in range(24) %}{% set n.l = n.l + [[1] * 32000000] %}{% endfor %}",
        "the template makes texts and lists of more than 134,217,728 items in all")]
    public void Render_BeyondABound_EndsInAnError(string source, string? reason)
    {
        // With a reason, no time passes: a busy machine may need more than the limit for the steps.
        var error = TemplateTest.Fails(source, clock: reason is null ? null : new FakeTimeProvider());
        if (reason is not null) Assert.Equal(reason, error.Reason);
        // Whichever comes first, by the machine's speed.
        else Assert.Matches("^the template takes more than (10,000,000 steps|2 s)$", error.Reason);
    }

    [Theory]
    [InlineData("| tojson")]
    [InlineData("| string")]
    [InlineData("== [n.l]")]
    public void Render_DeepValue_EndsInAnError(string use)
    {
        var error = TemplateTest.Fails(
            "{% set n = namespace(l=[]) %}{% for i in range(100000) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l " + use + " }}");
        Assert.Equal("maximum recursion depth exceeded", error.Reason);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("{1: ", "}")]
    public void Parse_DeepExpression_EndsInAnError(string open, string close)
    {
        const int Depth = 100_000;
        var source = "{{ " + string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth)) + " }}";
        Assert.Equal("the template is nested more than 200 deep",
            Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "deep")).Reason);
    }

    [Fact]
    public void Parse_DeepBlocks_EndsInAnError()
    {
        var source = string.Concat(Enumerable.Repeat("{% if true %}", 100_000));
        Assert.Equal("the template is nested more than 200 deep",
            Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(source, "deep")).Reason);
    }

    [Fact]
    public void Render_LongSum_EndsInAnError()
    {
        var source = "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 200_000)) + " }}";
        Assert.Equal("maximum recursion depth exceeded", TemplateTest.Fails(source).Reason);
    }

    [Fact]
    public void Render_LargeConversation_StaysWithinTheBounds()
    {
        var text = new string('x', 8 * 1024 * 1024);
        var rendered = TemplateTest.Render("{% for i in range(2) %}{{ t.split('</think>')[-1].strip() | trim }}{% endfor %}",
            $$"""{"t":"{{text}}"}""");
        Assert.Equal(2 * text.Length, rendered.Length);
    }
}
