using System.Runtime.CompilerServices;
using Grid.Tokenization.ChatTemplates.Filters;
using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;
using Grid.Tokenization.ChatTemplates.Syntax;

namespace Grid.Tokenization.ChatTemplates.Rendering;

internal sealed partial class Interpreter
{
    // No name of a template can be this one.
    private const string FilterInput = "|";

    public object? Evaluate(Expression expression, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Budget.Step();
        Line = expression.Line;
        switch (expression)
        {
            case Expression.Literal literal: return literal.Value;
            case Expression.Name name: return scope.Get(name.Id);
            case Expression.List list: return EvaluateAll(list.Items, scope).ToList();
            case Expression.Tuple tuple: return EvaluateAll(tuple.Items, scope);
            case Expression.Dict dict: return EvaluateDict(dict, scope);
            case Expression.Attribute attribute:
                return At(expression, Members.GetAttribute(Evaluate(attribute.Target, scope), attribute.Member));
            case Expression.Index index: return Members.GetItem(Evaluate(index.Target, scope), Evaluate(index.Key, scope));
            case Expression.Slice slice: return EvaluateSlice(slice, scope);
            case Expression.Call call: return EvaluateCall(call, scope, caller: null);
            case Expression.Filter filter: return EvaluateFilter(filter, scope);
            case Expression.Test test:
                return EvaluateTest(test, scope);
            case Expression.Not not: return !Values.IsTrue(Evaluate(not.Operand, scope));
            case Expression.Negate negate: return Operators.Negate(Evaluate(negate.Operand, scope), negate.IsNegative);
            case Expression.Binary binary:
                return Operators.Binary(binary.Operator, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope), Budget);
            case Expression.Concat concat: return EvaluateConcat(concat, scope);
            case Expression.Compare compare: return EvaluateCompare(compare, scope);
            case Expression.And and: return Evaluate(and.Left, scope) is var a && Values.IsTrue(a) ? Evaluate(and.Right, scope) : a;
            case Expression.Or or: return Evaluate(or.Left, scope) is var o && Values.IsTrue(o) ? o : Evaluate(or.Right, scope);
            case Expression.Conditional conditional: return EvaluateConditional(conditional, scope);
            default: throw new InvalidOperationException($"{expression.GetType().Name} is no expression.");
        }
    }

    private object? EvaluateTest(Expression.Test test, Scope scope)
    {
        var (value, arguments) = (Evaluate(test.Target, scope), EvaluateArguments(test.Arguments, scope));
        Budget.Scan(Operators.LengthOf(value) + arguments.Positional.Sum(Operators.LengthOf));
        return Tests.Apply(test.Function, value, arguments);
    }

    /// <summary>Filters <paramref name="value"/>, as <c>map</c> does by name.</summary>
    public object? ApplyFilter(string name, object? value, Arguments arguments)
    {
        var filter = FilterTable.Find(name) ?? throw new TemplateRuntimeException($"No filter named '{name}'.");
        Budget.Scan(Operators.LengthOf(value));
        return filter(this, value, arguments);
    }

    private object?[] EvaluateAll(IReadOnlyList<Expression> items, Scope scope)
    {
        var values = new object?[items.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Evaluate(items[i], scope);
        return values;
    }

    private TemplateDict EvaluateDict(Expression.Dict expression, Scope scope)
    {
        var dict = new TemplateDict();
        foreach (var (key, value) in expression.Items)
            dict[Evaluate(key, scope) ?? throw new TemplateRuntimeException("None as a key of a dict is not supported")] =
                Evaluate(value, scope);
        return dict;
    }

    private object? EvaluateSlice(Expression.Slice slice, Scope scope)
    {
        var target = Evaluate(slice.Target, scope);
        Budget.Copy(target is List<object?> or object?[] || Values.Text(target) is not null ? Values.Length(target) : 0);
        return Members.Slice(target, Part(slice.Start), Part(slice.Stop), Part(slice.Step));

        object? Part(Expression? part) => part is null ? null : Evaluate(part, scope);
    }

    private object? EvaluateCall(Expression.Call call, Scope scope, Macro? caller)
    {
        var callee = Evaluate(call.Callee, scope);
        if (callee is Undefined undefined) throw undefined.Error();
        if (callee is not Callable callable) throw new TemplateRuntimeException($"'{Values.TypeName(callee)}' object is not callable");
        var arguments = EvaluateArguments(call.Arguments, scope);
        if (caller is not null)
            arguments = arguments with { Keyword = new Dictionary<string, object?>(arguments.Keyword) { ["caller"] = caller } };
        Line = call.Line;
        return At(call, callable.Call(this, arguments));
    }

    private Arguments EvaluateArguments(ArgumentList list, Scope scope)
    {
        if (list.Positional.Count + list.Keyword.Count == 0 && list.Star is null && list.DoubleStar is null) return Arguments.Empty;
        var positional = EvaluateAll(list.Positional, scope);
        if (list.Star is not null) positional = [.. positional, .. Values.Iterate(Evaluate(list.Star, scope))];
        if (list.Keyword.Count == 0 && list.DoubleStar is null) return new(positional);

        var keyword = new Dictionary<string, object?>();
        foreach (var (name, value) in list.Keyword) keyword[name] = Evaluate(value, scope);
        if (list.DoubleStar is not null)
        {
            var rest = Evaluate(list.DoubleStar, scope) as TemplateDict
                ?? throw new TemplateRuntimeException("argument after ** must be a mapping");
            foreach (var (name, value) in rest) keyword[PythonText.Str(name)] = value;
        }

        return new(positional, keyword);
    }

    private object? EvaluateFilter(Expression.Filter filter, Scope scope)
    {
        var value = filter.Target is null ? scope.Get(FilterInput) : Evaluate(filter.Target, scope);
        var arguments = EvaluateArguments(filter.Arguments, scope);
        Line = filter.Line;
        return ApplyFilter(filter.Function, value, arguments);
    }

    private string EvaluateConcat(Expression.Concat concat, Scope scope)
    {
        var parts = new string[concat.Parts.Count];
        for (var i = 0; i < parts.Length; i++) parts[i] = PythonText.Str(Evaluate(concat.Parts[i], scope));
        return StringMethods.Join("", parts, Budget);
    }

    private object EvaluateCompare(Expression.Compare compare, Scope scope)
    {
        var left = Evaluate(compare.First, scope);
        foreach (var (symbol, operand) in compare.Rest)
        {
            var right = Evaluate(operand, scope);
            Budget.Scan(Operators.LengthOf(left) + Operators.LengthOf(right));
            if (!Operators.Compare(symbol, left, right)) return false;
            left = right;
        }

        return true;
    }

    private object? EvaluateConditional(Expression.Conditional conditional, Scope scope)
    {
        if (Values.IsTrue(Evaluate(conditional.Condition, scope))) return Evaluate(conditional.Then, scope);
        return conditional.Else is { } otherwise
            ? Evaluate(otherwise, scope)
            : new Undefined($"the inline if-expression on line {conditional.Line} evaluated to false and no else section was defined.");
    }

    // An operand may have moved the line on.
    private object? At(Expression expression, object? value)
    {
        Line = expression.Line;
        return value;
    }
}
