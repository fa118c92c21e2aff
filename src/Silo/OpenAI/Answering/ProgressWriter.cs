using System.Text;
using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Engine.Outputs;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>Writes progress comments (<see cref="ProgressKeys"/>) and remembers how far each choice is.</summary>
internal sealed class ProgressWriter
{
    private readonly GenerationRequest _request;
    private readonly Generation _generation;
    private readonly ChoiceProgress[] _choices;

    public ProgressWriter(GenerationRequest request, Generation generation)
    {
        (_request, _generation) = (request, generation);
        _choices = [.. Enumerable.Range(0, request.NumChoices).Select(index => new ChoiceProgress(request.ResumedOf(index)))];
    }

    /// <summary>A gain; an event or <see cref="EventStream.EndComment"/> follows.</summary>
    public void Write(EventStream events, in ChoiceDelta gain)
    {
        var choice = _choices[gain.Index];
        var delta = gain.Delta;
        choice.Bytes += Encoding.UTF8.GetByteCount(delta.Text);
        choice.Finish = JsonWriterExtensions.FinishName(delta.FinishReason) ?? choice.Finish;
        var json = Begin(events, gain.Index, delta.TokenIds, delta.FinishReason is null ? null : choice.Finish);
        if (BeginExtra(json, gain.Index) | WriteLogprobs(json, choice, delta)) json.WriteEndObject();
        json.WriteEndObject();
        events.EndCommentLine();
        choice.Tokens += delta.TokenIds.Count;
        (choice.IsReported, choice.ExtraBegun) = (true, false);
    }

    /// <summary>For an event that brings no token.</summary>
    public void WriteNothingNew(EventStream events, int index)
    {
        var json = Begin(events, index, [], _choices[index].Finish);
        if (BeginExtra(json, index)) json.WriteEndObject();
        json.WriteEndObject();
        events.EndCommentLine();
        (_choices[index].IsReported, _choices[index].ExtraBegun) = (true, false);
    }

    /// <summary>For the chunk of the usage, which a resume after it must not send again.</summary>
    public void WriteUsageSent(EventStream events)
    {
        var json = Begin(events, 0, [], _choices[0].Finish);
        json.WriteStartObject(ProgressKeys.Extra);
        json.WriteBoolean("u", true);
        json.WriteEndObject();
        json.WriteEndObject();
        events.EndCommentLine();
    }

    /// <summary>The last comment of a stream that resumes on another rank.</summary>
    public void WriteHandOver(EventStream events, string reason)
    {
        var json = Begin(events, 0, [], _choices[0].Finish);
        json.WriteString(ProgressKeys.HandOver, reason);
        json.WriteEndObject();
        events.EndCommentLine();
        events.EndComment();
    }

    private Utf8JsonWriter Begin(EventStream events, int index, IReadOnlyList<int> ids, string? finish)
    {
        var choice = _choices[index];
        var json = events.BeginComment();
        json.WriteStartObject();
        json.WriteNumber(ProgressKeys.Attempt, _request.Attempt!.Value);
        json.WriteNumber(ProgressKeys.Choice, index);
        json.WriteNumber(ProgressKeys.Index, choice.Tokens);
        json.WriteIds(ProgressKeys.Tokens, ids);
        json.WriteNumber(ProgressKeys.Bytes, choice.Bytes);
        if (finish is not null) json.WriteString(ProgressKeys.Finish, finish);
        return json;
    }

    /// <summary>In a choice's first comment: what the prefix cache held, for the router and for a resume.</summary>
    private bool BeginExtra(Utf8JsonWriter json, int index)
    {
        var choice = _choices[index];
        // The other choices of a prompt find what the first one computed.
        if (choice.IsReported || index % _request.N != 0) return false;
        json.WriteNumber(ProgressKeys.CachedTokens, _generation.CachedTokensHere(index));
        if (choice.KnowsCachedTokens) return false;
        json.WriteStartObject(ProgressKeys.Extra);
        json.WriteNumber("k", _generation.CachedTokensHere(index));
        choice.ExtraBegun = true;
        return true;
    }

    private bool WriteLogprobs(Utf8JsonWriter json, ChoiceProgress choice, OutputDelta delta)
    {
        // A stream's client has them already.
        if (_request.Stream || (delta.Logprobs.Count == 0 && delta.PromptLogprobs is null)) return false;
        if (!choice.ExtraBegun) json.WriteStartObject(ProgressKeys.Extra);
        if (delta.PromptLogprobs is { } prompt) ExtraJson.Write(json, "p", prompt);
        if (delta.Logprobs.Count > 0) ExtraJson.Write(json, "l", delta.Logprobs);
        return true;
    }

    private sealed class ChoiceProgress(ResumedChoice resumed)
    {
        public int Tokens { get; set; } = resumed.Tokens.Length;

        public int Bytes { get; set; } = resumed.Bytes;

        public string? Finish { get; set; } = resumed.Finish;

        public bool KnowsCachedTokens { get; } = resumed.CachedTokens is not null;

        public bool IsReported { get; set; }

        public bool ExtraBegun { get; set; }
    }
}
