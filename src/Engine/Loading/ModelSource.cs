using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Weights;
using Grid.Tokenization;
using Grid.Tokenization.ChatTemplates.Rendering;

namespace Grid.Engine.Loading;

/// <summary>All that a model's files say, weights aside, which are opened when they are read.</summary>
internal sealed record ModelSource
{
    /// <summary>The folder or file.</summary>
    public required string Root { get; init; }

    /// <summary>The shape; null for <c>sim</c>.</summary>
    public ModelConfig? Config { get; init; }

    public required ITokenizer Tokenizer { get; init; }

    /// <summary>Special tokens by role, which chat templates write.</summary>
    public TokenizerConfig TokenizerConfig { get; init; } = new();

    public ChatTemplate? ChatTemplate { get; init; }

    public GenerationConfig GenerationConfig { get; init; } = GenerationConfig.Empty;

    /// <summary>Opens the weights; null: there are none to read.</summary>
    public Func<IWeightSource>? OpenWeights { get; init; }

    /// <summary>Ids that end an output: the tokenizer's, and those of generation_config.json, else of config.json.</summary>
    public IReadOnlyList<int> EosTokenIds
    {
        get
        {
            IEnumerable<int> stated = GenerationConfig.EosTokenIds.Count > 0 ? GenerationConfig.EosTokenIds : Config?.EosTokenIds ?? [];
            return [.. stated.Concat(Tokenizer.EosTokenId is { } eos ? [eos] : []).Distinct()];
        }
    }
}
