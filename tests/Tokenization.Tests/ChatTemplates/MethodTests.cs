namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class MethodTests
{
    [Theory]
    [InlineData("'  a b '.strip() ~ '|' ~ 'xxaxx'.strip('x') ~ '|' ~ ' a '.lstrip() ~ '|' ~ ' a '.rstrip() ~ '|'", "a b|a|a | a|")]
    [InlineData("'a,b,,c'.split(',')", "['a', 'b', '', 'c']")]
    [InlineData("' a  b c '.split()", "['a', 'b', 'c']")]
    [InlineData("'a b c'.split(' ', 1) ~ 'a b c'.rsplit(' ', 1) ~ ' a b  c '.split(none, 1)", "['a', 'b c']['a b', 'c']['a', 'b  c']")]
    [InlineData("'</think>x</think>y'.split('</think>')[-1]", "y")]
    [InlineData("'a\\nb\\r\\nc\\n'.splitlines()", "['a', 'b', 'c']")]
    [InlineData("'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))", "True")]
    [InlineData("'aXbX'.replace('X', '-') ~ 'aXbX'.replace('X', '-', 1) ~ 'ab'.replace('', '.')", "a-b-a-bX.a.b.")]
    [InlineData("'aBc'.upper() ~ 'aBc'.lower() ~ 'aBc d'.capitalize() ~ 'they\\'re'.title() ~ 'aB'.swapcase()", "ABCabcAbc dThey'ReAb")]
    [InlineData("'abcabc'.find('c') ~ 'abcabc'.rfind('c') ~ 'abc'.find('z') ~ 'abcabc'.count('bc') ~ 'a😀b'.find('b')", "25-122")]
    [InlineData("'-'.join(['a', 'b'])", "a-b")]
    [InlineData("'a=b=c'.partition('=') ~ 'a=b=c'.rpartition('=')", "('a', '=', 'b=c')('a=b', '=', 'c')")]
    [InlineData("'pre-x'.removeprefix('pre-') ~ 'x.py'.removesuffix('.py')", "xx")]
    [InlineData("'5'.zfill(3) ~ '-5'.zfill(4) ~ 'a'.center(5, '*') ~ 'a'.ljust(3, '.') ~ 'a'.rjust(3)", "005-005**a**a..  a")]
    [InlineData("'12'.isdigit() ~ 'a1'.isalnum() ~ 'ab'.isalpha() ~ ' '.isspace() ~ 'aB'.islower() ~ 'AB'.isupper()",
        "TrueTrueTrueTrueFalseTrue")]
    public void Str_AsPython(string expression, string expected) => Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("{'a': 1, 'b': 2}.items() | list", "[('a', 1), ('b', 2)]")]
    [InlineData("{'a': 1}.keys() | list ~ {'a': 1}.values() | list", "['a'][1]")]
    [InlineData("{'a': 1}.get('a') ~ {'a': 1}.get('b') ~ {'a': 1}.get('b', 2)", "1None2")]
    [InlineData("{'items': 5}['items']", "5")]
    [InlineData("{'items': 5}.items() | list", "[('items', 5)]")]
    [InlineData("{'a': 1}['items'] is mapping", "False")]
    [InlineData("dict(a=1, **{'b': 2})", "{'a': 1, 'b': 2}")]
    [InlineData("{1: 'a'}[1.0] ~ {true: 'b'}[1]", "ab")]
    [InlineData("[1, 2, 1].count(1) ~ [1, 2].index(2)", "21")]
    public void DictAndList_AsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));
}
