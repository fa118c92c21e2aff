namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class FilterTests
{
    private const string Users =
        """{"users":[{"role":"user","n":2,"f":{"x":1}},{"role":"system","n":1,"f":{"x":2}},{"role":"user","n":3,"f":{"x":0}}]}""";

    [Theory]
    [InlineData("users | selectattr('role', 'equalto', 'user') | map(attribute='n') | join(',')", "2,3")]
    [InlineData("users | rejectattr('role', 'eq', 'user') | map(attribute='f.x') | list", "[2]")]
    [InlineData("users | map(attribute='nope', default='-') | join", "---")]
    [InlineData("users | sort(attribute='n') | map(attribute='n') | list", "[1, 2, 3]")]
    [InlineData("users | sort(attribute='n', reverse=true) | map(attribute='n') | list", "[3, 2, 1]")]
    [InlineData("users | sum(attribute='n') ~ users | map(attribute='n') | max ~ users | min(attribute='n')",
        "63{'role': 'system', 'n': 1, 'f': {'x': 2}}")]
    [InlineData("(users | groupby('role'))[1][1] | length", "2")]
    [InlineData("users | selectattr('n', 'gt', 1) | list | length", "2")]
    [InlineData("users | selectattr('missing') | list", "[]")]
    [InlineData("(users | first).n ~ (users | last).n", "23")]
    public void ObjectsInLists_AsJinja(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}", Users));

    [Theory]
    [InlineData("['b', 'A', 'c'] | sort | join", "Abc")]
    [InlineData("[3, 1, 2] | reject('odd') | list ~ [1, 2] | select('odd') | list ~ [0, 1] | select | list", "[2][1][1]")]
    [InlineData("['a', 'B'] | map('upper') | list", "['A', 'B']")]
    [InlineData("['a', 'A', 'b'] | unique | list", "['a', 'b']")]
    [InlineData("{'b': 1, 'A': 2} | dictsort", "[('A', 2), ('b', 1)]")]
    [InlineData("{'b': 1, 'A': 2} | dictsort(by='value', reverse=true)", "[('A', 2), ('b', 1)]")]
    [InlineData("{'b': 1} | items | list", "[('b', 1)]")]
    [InlineData("[1, 2, 3] | batch(2, 0) | list ~ [1, 2, 3] | slice(2) | list", "[[1, 2], [3, 0]][[1, 2], [3]]")]
    [InlineData("[1, 2] | reverse | list ~ 'ab' | reverse", "[2, 1]ba")]
    [InlineData("'abc' | list", "['a', 'b', 'c']")]
    [InlineData("[] | first is undefined", "True")]
    public void Lists_AsJinja(string expression, string expected) => Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("nothing | default('d') ~ '' | default('d') ~ '' | default('e', true) ~ none | d('f', boolean=true)", "def")]
    [InlineData("'a\\nb\\n\\nc' | indent(2)", "a\n  b\n\n  c")]
    [InlineData("'a\\nb' | indent('> ', first=true)", "> a\n> b")]
    [InlineData("' a ' | trim ~ 'xax' | trim('x')", "aa")]
    [InlineData("'hello world' | title ~ 'HELLO' | capitalize ~ 'aa' | replace('a', 'b', 1)", "Hello WorldHelloba")]
    [InlineData("'hello big world' | truncate(9, leeway=0) ~ 'abcdef' | truncate(5, true, '', 0)", "hello...abcde")]
    [InlineData("'3.7' | int ~ 'x' | int(5) ~ '2.5' | float ~ 'ff' | int(base=16) ~ 3.9 | int", "352.52553")]
    [InlineData("2.567 | round(2) ~ ' ' ~ 2.5 | round ~ ' ' ~ 2.1 | round(method='ceil') ~ ' ' ~ -3 | abs", "2.57 2.0 3.0 3")]
    [InlineData("'a b/ü' | urlencode ~ 'one two' | wordcount", "a%20b/%C3%BC2")]
    [InlineData("1 | string ~ [1] | string", "1[1]")]
    [InlineData("'<b>' | e", "&lt;b&gt;")]
    [InlineData("'<' | safe + '<' + 'x'", "<&lt;x")]
    [InlineData("'<' + ('<' | safe) ~ '<'", "<<<")]
    public void Text_AsJinja(string expression, string expected) => Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("v | tojson", """{"s": "<é>\"\\\n\u0001", "l": [1, 1.0, 1e-07, true, null], "o": {}, "e": []}""")]
    [InlineData("v.l | tojson(indent=2)", "[\n  1,\n  1.0,\n  1e-07,\n  true,\n  null\n]")]
    [InlineData("{'b': {'x': []}, 'a': 1} | tojson(indent=1, sort_keys=true)", "{\n \"a\": 1,\n \"b\": {\n  \"x\": []\n }\n}")]
    [InlineData("['é😀'] | tojson(ensure_ascii=true)", "[\"\\u00e9\\ud83d\\ude00\"]")]
    [InlineData("{'a': [1, 2]} | tojson(separators=(',', ':'))", "{\"a\":[1,2]}")]
    [InlineData("{1: (2,), true: none} | tojson", "{\"1\": null}")]
    [InlineData("big | tojson", "123456789012345678901234567890")]
    public void ToJson_AsTransformers(string expression, string expected) => Assert.Equal(
        expected,
        TemplateTest.Render($"{{{{ {expression} }}}}",
            """{"v":{"s":"<é>\"\\\n\u0001","l":[1,1.0,1e-7,true,null],"o":{},"e":[]},"big":123456789012345678901234567890}"""));

    [Fact]
    public void ToJson_Undefined_Fails() =>
        Assert.Equal("Object of type Undefined is not JSON serializable", TemplateTest.Fails("{{ nothing | tojson }}").Reason);

    [Theory]
    [InlineData("x is defined and y is not defined and y is undefined")]
    [InlineData("'a' is string and 'a' is iterable and 'a' is sequence and 'a' is not mapping")]
    [InlineData("{} is mapping and {} is sequence and [] is sequence and () is sequence and 1 is not iterable")]
    [InlineData("1 is number and 1.5 is number and 1 is integer and 1.0 is float and true is not integer and true is boolean")]
    [InlineData("none is none and x is not none and true is true and false is false and 1 is not true")]
    [InlineData("4 is even and 3 is odd and 9 is divisibleby 3 and 9 is divisibleby(3)")]
    [InlineData("1 is eq 1 and 1 is ne 2 and 1 is lt 2 and 2 is ge(2) and 1 is in [1, 2] and 'a' is equalto 'a'")]
    [InlineData("'abc' is lower and 'ABC' is upper and none is sameas none and range is callable")]
    public void Tests_AsJinja(string expression) => Assert.Equal("True", TemplateTest.Render($"{{{{ {expression} }}}}", """{"x":1}"""));
}
