using System.Runtime.CompilerServices;
using System.Text;
using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Syntax;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>Renders one template once: statements here, expressions in the other half.</summary>
internal sealed partial class Interpreter(TimeProvider clock) : IRenderer
{
    private StringBuilder _output = new();

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public Budget Budget { get; } = new(clock);

    public TimeProvider Clock { get; } = clock;

    /// <summary>Line of what is being evaluated, for errors.</summary>
    public int Line { get; private set; } = 1;

    public string Run(IReadOnlyList<Statement> body, Scope globals)
    {
        Execute(body, new Scope(globals));
        return _output.ToString();
    }

    /// <summary>The text that a body renders in <paramref name="scope"/>.</summary>
    public string Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        Budget.Enter();
        var outer = _output;
        _output = new();
        Execute(body, scope);
        var text = _output.ToString();
        _output = outer;
        Budget.Leave();
        return text;
    }

    private Flow Execute(IReadOnlyList<Statement> body, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in body)
        {
            Line = statement.Line;
            Budget.Step();
            var flow = Execute(statement, scope);
            if (flow != Flow.Next) return flow;
        }

        return Flow.Next;
    }

    private Flow Execute(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case Statement.Text text: Write(text.Value); break;
            case Statement.Output output: Write(PythonText.Str(Evaluate(output.Value, scope))); break;
            case Statement.If conditional: return ExecuteIf(conditional, scope);
            case Statement.For loop: ExecuteFor(loop, scope, Evaluate(loop.Items, scope), depth: 0); break;
            case Statement.Set set: Assign(set.Target, Evaluate(set.Value, scope), scope); break;
            case Statement.SetBlock block:
                Assign(block.Target, Filtered(block.Filter, Capture(block.Body, new Scope(scope)), scope), scope);
                break;
            case Statement.Macro macro: scope.Set(macro.Definition.Name, new Macro(macro.Definition, scope, this)); break;
            case Statement.CallBlock block:
                Write(PythonText.Str(EvaluateCall(block.Call, scope, new Macro(block.Caller, scope, this)))); break;
            case Statement.FilterBlock block:
                Write(PythonText.Str(Filtered(block.Filter, Capture(block.Body, new Scope(scope)), scope))); break;
            case Statement.With with: return ExecuteWith(with, scope);
            case Statement.Break: return Flow.Break;
            case Statement.Continue: return Flow.Continue;
        }

        return Flow.Next;
    }

    private Flow ExecuteIf(Statement.If statement, Scope scope)
    {
        foreach (var (condition, body) in statement.Branches)
            if (Values.IsTrue(Evaluate(condition, scope))) return Execute(body, scope);
        return Execute(statement.Else, scope);
    }

    private Flow ExecuteWith(Statement.With statement, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in statement.Variables) Assign(target, Evaluate(value, scope), inner);
        return Execute(statement.Body, inner);
    }

    private void ExecuteFor(Statement.For statement, Scope scope, object? value, int depth)
    {
        var items = Values.Iterate(value);
        Budget.Copy(items.Count);
        if (statement.Condition is not null) items = [.. items.Where(item => Values.IsTrue(Evaluate(statement.Condition, Bind(item))))];
        if (items.Count == 0)
        {
            Execute(statement.Else, new Scope(scope));
            return;
        }

        var context = new LoopContext(items, depth, statement.IsRecursive ? Recurse : null);
        for (var i = 0; i < items.Count; i++)
        {
            Budget.Step();
            context.Index0 = i;
            var inner = Bind(items[i]);
            inner.Set("loop", context);
            if (Execute(statement.Body, inner) == Flow.Break) return;
        }

        Scope Bind(object? item)
        {
            var inner = new Scope(scope);
            Assign(statement.Target, item, inner);
            return inner;
        }

        string Recurse(object? nested, int nestedDepth)
        {
            Budget.Enter();
            var outer = _output;
            _output = new();
            ExecuteFor(statement, scope, nested, nestedDepth);
            var text = _output.ToString();
            _output = outer;
            Budget.Leave();
            return text;
        }
    }

    private static void Assign(Expression target, object? value, Scope scope)
    {
        switch (target)
        {
            case Expression.Name name:
                scope.Set(name.Id, value);
                break;
            case Expression.Attribute { Target: Expression.Name name, Member: var member }:
                if (scope.Get(name.Id) is not TemplateNamespace space)
                    throw new TemplateRuntimeException("cannot assign attribute on non-namespace object");
                space.Members[member] = value;
                break;
            case Expression.Tuple tuple:
                var items = Values.TryIterate(value)
                    ?? throw new TemplateRuntimeException($"cannot unpack non-iterable {Values.TypeName(value)} object");
                if (items.Count < tuple.Items.Count)
                    throw new TemplateRuntimeException($"not enough values to unpack (expected {tuple.Items.Count}, got {items.Count})");
                if (items.Count > tuple.Items.Count)
                    throw new TemplateRuntimeException($"too many values to unpack (expected {tuple.Items.Count})");
                for (var i = 0; i < items.Count; i++) Assign(tuple.Items[i], items[i], scope);
                break;
        }
    }

    private object? Filtered(Expression? filter, string text, Scope scope)
    {
        if (filter is null) return text;
        var inner = new Scope(scope);
        inner.Set(FilterInput, text);
        return Evaluate(filter, inner);
    }

    private void Write(string text)
    {
        Budget.Copy((long)_output.Length + text.Length > Budget.MaxCharacters ? (long)_output.Length + text.Length : text.Length);
        _output.Append(text);
    }
}
