using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Resuming;

/// <summary>How far one choice had come on another rank.</summary>
internal sealed record ResumedChoice
{
    /// <summary>A choice that has not begun.</summary>
    public static ResumedChoice None { get; } = new();

    /// <summary>Its output so far.</summary>
    public int[] Tokens { get; init; } = [];

    /// <summary>UTF-8 bytes of text that the client has.</summary>
    public int Bytes { get; init; }

    /// <summary>Its finish reason, where its end was sent.</summary>
    public string? Finish { get; init; }

    /// <summary>Whether the client has any event of it.</summary>
    public bool Opened { get; init; }

    /// <summary>Prompt tokens that the first rank found in its prefix cache, where it said so.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Whether the client has the usage of the whole stream.</summary>
    public bool UsageSent { get; init; }

    /// <summary>Logprobs of <see cref="Tokens"/>, where the answer does not stream and asked for them.</summary>
    public IReadOnlyList<TokenLogprobs> Logprobs { get; init; } = [];

    /// <summary>Logprobs of the prompt, where the answer does not stream and asked for them.</summary>
    public IReadOnlyList<TokenLogprobs?>? PromptLogprobs { get; init; }
}
