using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Syntax;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>A macro, or the body of a call block.</summary>
/// <param name="definition">Its parameters and body.</param>
/// <param name="closure">The variables around it.</param>
/// <param name="interpreter">The interpreter that renders the body.</param>
internal sealed class Macro(MacroDefinition definition, Scope closure, Interpreter interpreter) : Callable
{
    private const string Caller = "caller";

    public override string TypeName => "Macro";

    public override string Description => "jinja2.runtime.Macro object";

    public override object? Call(IRenderer renderer, Arguments arguments)
    {
        var scope = new Scope(closure);
        var parameters = definition.Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            var (name, fallback) = parameters[i];
            if (i < arguments.Positional.Count)
            {
                if (arguments.Keyword.ContainsKey(name)) throw Error($"got multiple values for argument '{name}'");
                scope.Set(name, arguments.Positional[i]);
            }
            else if (arguments.Keyword.TryGetValue(name, out var value))
            {
                scope.Set(name, value);
            }
            else
            {
                scope.Set(name,
                    fallback is null ? new Undefined($"parameter '{name}' was not provided") : interpreter.Evaluate(fallback, scope));
            }
        }

        SetRest(scope, arguments);
        return interpreter.Capture(definition.Body, scope);
    }

    public override object? GetAttribute(string name) => name == "name" ? definition.Name : null;

    private void SetRest(Scope scope, Arguments arguments)
    {
        var surplus = arguments.Positional.Skip(definition.Parameters.Count).ToArray();
        if (definition.FreeNames.Contains("varargs")) scope.Set("varargs", surplus);
        else if (surplus.Length > 0) throw Error($"takes not more than {definition.Parameters.Count} argument(s)");

        var unknown = arguments.Keyword.Where(argument => definition.Parameters.All(parameter => parameter.Name != argument.Key)).ToList();
        if (definition.FreeNames.Contains(Caller))
        {
            scope.Set(Caller, arguments.Keyword.TryGetValue(Caller, out var caller) ? caller : new Undefined("No caller defined"));
            unknown.RemoveAll(argument => argument.Key == Caller);
        }

        if (definition.FreeNames.Contains("kwargs"))
        {
            var rest = new TemplateDict();
            foreach (var (name, value) in unknown) rest[name] = value;
            scope.Set("kwargs", rest);
        }
        else if (unknown.Count > 0)
        {
            throw Error($"takes no keyword argument '{unknown[0].Key}'");
        }
    }

    private TemplateRuntimeException Error(string reason) => new($"macro '{definition.Name}' {reason}");
}
