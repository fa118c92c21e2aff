using System.Text;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>Puts the deltas of one choice together, for an answer that does not stream.</summary>
internal sealed class CollectedChoice
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _tokenIds = [];
    private readonly List<TokenLogprobs> _logprobs = [];
    private OutputDelta? _last;
    private IReadOnlyList<TokenLogprobs?>? _promptLogprobs;

    /// <summary>
    /// One for each choice of a request, with what it brings from another rank. Its text is computed again from the replayed ids.
    /// </summary>
    public static CollectedChoice[] ForAll(GenerationRequest request)
    {
        var choices = new CollectedChoice[request.NumChoices];
        for (var index = 0; index < choices.Length; index++)
        {
            var (choice, resumed) = (new CollectedChoice(), request.ResumedOf(index));
            if (!request.EchoOnly) choice._tokenIds.AddRange(resumed.Tokens);
            if (!request.EchoOnly) choice._logprobs.AddRange(resumed.Logprobs);
            choice._promptLogprobs = resumed.PromptLogprobs;
            choices[index] = choice;
        }

        return choices;
    }

    public void Append(OutputDelta delta)
    {
        _text.Append(delta.Text);
        _tokenIds.AddRange(delta.TokenIds);
        _logprobs.AddRange(delta.Logprobs);
        _promptLogprobs ??= delta.PromptLogprobs;
        _last = delta;
    }

    /// <summary>All of it as one delta.</summary>
    public OutputDelta ToDelta() =>
        _last! with { Text = _text.ToString(), TokenIds = _tokenIds, Logprobs = _logprobs, PromptLogprobs = _promptLogprobs };
}
