namespace Grid.Tokenization.ChatTemplates.Runtime;

/// <summary>A function or method of the engine.</summary>
internal sealed class Function(Func<Interpreter, Arguments, object?> body) : Callable
{
    public override object? Call(Interpreter interpreter, Arguments arguments) => body(interpreter, arguments);
}
