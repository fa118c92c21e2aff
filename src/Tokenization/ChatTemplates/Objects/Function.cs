namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>A function or method of the engine.</summary>
internal sealed class Function(Func<IRenderer, Arguments, object?> body) : Callable
{
    public override object? Call(IRenderer renderer, Arguments arguments) => body(renderer, arguments);
}
