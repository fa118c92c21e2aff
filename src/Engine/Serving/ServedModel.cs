using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Tokenization;

namespace Grid.Engine.Serving;

/// <summary>A loaded model with all that is between text and its engine. Disposing it ends the engine.</summary>
public sealed class ServedModel : IAsyncDisposable
{
    /// <summary>The options that it was loaded with.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>Runs requests.</summary>
    public required IInferenceEngine Engine { get; init; }

    /// <summary>Text to ids and back.</summary>
    public required ITokenizer Tokenizer { get; init; }

    /// <summary>The model's shape; null for <c>sim</c>, which has none.</summary>
    public required ModelConfig? Config { get; init; }

    /// <summary>Defaults of sampling parameters.</summary>
    public required GenerationConfig GenerationConfig { get; init; }

    /// <summary>Checks requests and makes them ready for <see cref="Engine"/>.</summary>
    public required InputProcessor Inputs { get; init; }

    /// <summary>Writes conversations as prompts.</summary>
    public required ChatPromptRenderer ChatPrompts { get; init; }

    /// <summary>The folder or file that was loaded: <c>root</c> in the list of models.</summary>
    public required string Root { get; init; }

    /// <summary>Expert shards of the engine's own, where it has any.</summary>
    internal IDisposable? Experts { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().ConfigureAwait(false);
        Experts?.Dispose();
    }
}
