namespace Grid.Engine.Inputs;

/// <summary>A prompt as it came in: text, or ids that are taken as they are.</summary>
public sealed record PromptInput
{
    private PromptInput()
    {
    }

    /// <summary>The text, or null where ids were given.</summary>
    public string? Text { get; private init; }

    /// <summary>The ids, or null where text was given.</summary>
    public IReadOnlyList<int>? TokenIds { get; private init; }

    /// <summary>Whether the tokenizer adds its own tokens (BOS) to the text. A chat template writes them itself.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>The API's field that it came from, for messages: <c>prompt</c> or <c>messages</c>.</summary>
    public string Field { get; init; } = "prompt";

    /// <summary>A prompt of text.</summary>
    public static implicit operator PromptInput(string text) => FromText(text);

    /// <summary>A prompt of token ids.</summary>
    public static implicit operator PromptInput(int[] tokenIds) => FromTokenIds(tokenIds);

    /// <summary>A prompt of text.</summary>
    public static PromptInput FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new PromptInput { Text = text };
    }

    /// <summary>A prompt of token ids.</summary>
    public static PromptInput FromTokenIds(IReadOnlyList<int> tokenIds)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        return new PromptInput { TokenIds = tokenIds };
    }
}
