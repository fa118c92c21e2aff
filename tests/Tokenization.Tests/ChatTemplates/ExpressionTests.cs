namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3 ** 2", "19")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 // 2 ~ ' ' ~ -7 // 2 ~ ' ' ~ -7 % 3", "3 -4 2")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("2 ** -1", "0.5")]
    [InlineData("-2 ** 2", "4")]
    [InlineData("9223372036854775807 + 1", "9223372036854775808")]
    [InlineData("0x1F + 0b11 + 1_000", "1034")]
    [InlineData("1.5e3", "1500.0")]
    [InlineData("true + true", "2")]
    [InlineData("'ab' 'cd' + 'e' * 3", "abcdeee")]
    [InlineData("[1] + [2, 3] * 2", "[1, 2, 3, 2, 3]")]
    [InlineData("(1,) + (2,)", "(1, 2)")]
    [InlineData("1 ~ none ~ true ~ 1.0", "1NoneTrue1.0")]
    public void Arithmetic_AsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("1 < 2 <= 2 < 3", "True")]
    [InlineData("1 == 1.0 == true", "True")]
    [InlineData("'a' != 'b'", "True")]
    [InlineData("[1, {'a': (2,)}] == [1.0, {'a': (2,)}]", "True")]
    [InlineData("'b' in 'abc' and 2 not in [1, 3]", "True")]
    [InlineData("'k' in {'k': 1}", "True")]
    [InlineData("not 1 in [2]", "True")]
    [InlineData("[1, 2] < [1, 3]", "True")]
    [InlineData("none == false", "False")]
    [InlineData("0 or '' or 'x'", "x")]
    [InlineData("1 and [] and 2", "[]")]
    [InlineData("'a' if 0 else 'b' if 0 else 'c'", "c")]
    [InlineData("'a' if false", "")]
    [InlineData("missing == other_missing", "True")]
    public void Logic_AsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("'hello'[1:3]", "el")]
    [InlineData("'hello'[::-1]", "olleh")]
    [InlineData("'hello'[-3:]", "llo")]
    [InlineData("'hello'[:-10]", "")]
    [InlineData("[1, 2, 3, 4][::2]", "[1, 3]")]
    [InlineData("[1, 2, 3, 4][3:0:-2]", "[4, 2]")]
    [InlineData("(1, 2, 3)[1:]", "(2, 3)")]
    [InlineData("'a😀b'[1]", "😀")]
    [InlineData("'a😀b'[2:] ~ 'a😀b' | length", "b3")]
    [InlineData("'abc'[-1] ~ [1, 2][-2]", "c1")]
    [InlineData("{'a': {'b': [5]}}.a.b[0]", "5")]
    [InlineData("[[1, 2]].0.1", "2")]
    [InlineData("'x'[5] is defined", "False")]
    public void Subscripts_AsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("[none, true, 1, 1.0, 'a', ('b',), {'k': 'v'}]", "[None, True, 1, 1.0, 'a', ('b',), {'k': 'v'}]")]
    [InlineData("[\"it's\", 'say \"hi\"', 'both \\' \"']", "[\"it's\", 'say \"hi\"', 'both \\' \"']")]
    [InlineData("['tab\\t', 'é', '\\x01', '\\u200b', '\\\\']", "['tab\\t', 'é', '\\x01', '\\u200b', '\\\\']")]
    [InlineData("[1e16, 1e15, 0.0001, 0.00001, 1.25e-7, 123456.789, -0.0, 0.1, 1.7976931348623157e308, 5e-324, 123456789012345680.0, "
        + "12345678901234567.0, -9007199254740993.0]",
        "[1e+16, 1000000000000000.0, 0.0001, 1e-05, 1.25e-07, 123456.789, -0.0, 0.1, 1.7976931348623157e+308, 5e-324, "
            + "1.2345678901234568e+17, 1.2345678901234568e+16, -9007199254740992.0]")]
    public void Repr_AsPython(string expression, string expected) => Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData(@"'a\tb\n\'\""\\'", "a\tb\n'\"\\")]
    [InlineData(@"'\x41\u00e9\U0001F600\101'", "Aé😀A")]
    [InlineData(@"'\d'", @"\d")]
    public void Strings_EscapesAsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("'%s is %d, %5.2f|%-4s|%04d|%x|%%' % ('a', 3, 1.5, 'b', 7, 255)", "a is 3,  1.50|b   |0007|ff|%")]
    [InlineData("'%(k)s' % {'k': 'v'}", "v")]
    [InlineData("'%r' % 'x'", "'x'")]
    [InlineData("'%s' | format('z')", "z")]
    [InlineData("'{} {} {{}}'.format(1, 'b')", "1 b {}")]
    [InlineData("'{1}{0}{n}'.format('a', 'b', n=3)", "ba3")]
    [InlineData("'{:>5}|{:<4}|{:^5}|{:05d}|{:,}|{:.1f}|{:x}'.format('a', 'b', 'c', 42, 1234567, 2.25, 255)",
        "    a|b   |  c  |00042|1,234,567|2.2|ff")]
    [InlineData("'{0[a]}{1.b}{2!r}'.format({'a': 1}, {'b': 2}, 'c')", "12'c'")]
    public void Formatting_AsPython(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("1 + 'a'", "unsupported operand type(s) for +: 'int' and 'str'")]
    [InlineData("'a' + 1", "can only concatenate str (not \"int\") to str")]
    [InlineData("1 < 'a'", "'<' not supported between instances of 'int' and 'str'")]
    [InlineData("1 // 0", "integer division or modulo by zero")]
    [InlineData("nothing.role", "'nothing' is undefined")]
    [InlineData("{'a': 1}.b.c", "'dict object' has no attribute 'b'")]
    [InlineData("[1][3].c", "list object has no element 3")]
    [InlineData("none.x.y", "'None' has no attribute 'x'")]
    [InlineData("nothing + 'a'", "'nothing' is undefined")]
    [InlineData("nothing()", "'nothing' is undefined")]
    [InlineData("'a'()", "'str' object is not callable")]
    [InlineData("'a' in none", "argument of type 'NoneType' is not iterable")]
    [InlineData("[1].append(2)", "access to attribute 'append' of 'list' object is unsafe.")]
    [InlineData("''.__class__.x", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("1 | nofilter", "No filter named 'nofilter'.")]
    [InlineData("1 is notest", "No test named 'notest'.")]
    [InlineData("range(1000000)", "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).")]
    public void Mistakes_HavePythonsWords(string expression, string expected) =>
        Assert.Equal(expected, TemplateTest.Fails($"{{{{ {expression} }}}}").Reason);
}
