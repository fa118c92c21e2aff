using Grid.Engine.Inputs;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>A completion or a chat, read and checked: all that its answer needs to know.</summary>
internal sealed record GenerationRequest
{
    /// <summary>The name that the client asked for.</summary>
    public required string Model { get; init; }

    /// <summary><c>cmpl-...</c> or <c>chatcmpl-...</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>In the order of the body; a chat has one.</summary>
    public required IReadOnlyList<ProcessedInputs> Prompts { get; init; }

    /// <summary>Whether the answer is an event stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the stream ends with the usage.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether every chunk carries the usage so far.</summary>
    public bool ContinuousUsage { get; init; }

    /// <summary>Whether ids go with the text.</summary>
    public bool ReturnTokenIds { get; init; }

    /// <summary>Whether the choices' text begins with the prompt's; completions only.</summary>
    public bool Echo { get; init; }

    /// <summary><c>max_tokens: 0</c> with <see cref="Echo"/>: the one token that is drawn is not shown.</summary>
    public bool EchoOnly { get; init; }

    /// <summary>Whether <c>prompt_logprobs</c> was asked for; echo with logprobs computes them too.</summary>
    public bool ReturnPromptLogprobs { get; init; }

    /// <summary>The number of the gateway's attempt; null for an ordinary client.</summary>
    public int? Attempt { get; init; }

    /// <summary>What another rank has sent of each choice; null if the request begins here.</summary>
    public IReadOnlyList<ResumedChoice>? Resumed { get; init; }

    /// <summary>Choices a prompt.</summary>
    public int N => Prompts[0].Sampling.N;

    /// <summary>Choices in all; a choice's index is prompt x n + its number.</summary>
    public int NumChoices => Prompts.Count * N;

    /// <summary>The prompt of a choice.</summary>
    public ProcessedInputs PromptOf(int choice) => Prompts[choice / N];

    /// <summary>How far a choice had come elsewhere.</summary>
    public ResumedChoice ResumedOf(int choice) => Resumed?[choice] ?? ResumedChoice.None;

    /// <summary>Whether the client has the first event of a choice's stream.</summary>
    public bool HasBegun(int choice) => Stream && ResumedOf(choice).Opened;
}
