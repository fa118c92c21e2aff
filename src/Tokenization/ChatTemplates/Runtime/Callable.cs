namespace Grid.Tokenization.ChatTemplates.Runtime;

/// <summary>A value that can be called.</summary>
internal abstract class Callable
{
    public abstract object? Call(Interpreter interpreter, Arguments arguments);
}
