using System.Text.Json;
using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>Writes the logprobs of a completion's choice; <c>text_offset</c> counts code points, on from chunk to chunk.</summary>
internal sealed class CompletionLogprobsWriter(TokenTexts texts)
{
    private int _offset;

    /// <summary>Passes over ids that the client has.</summary>
    public void Skip(int[] ids)
    {
        foreach (var id in ids) _offset += Length(texts.Of(id));
    }

    /// <param name="firstId">The id at a position that has no logprobs: the prompt's first.</param>
    /// <param name="positions">The log probabilities, one entry for each token.</param>
    public void Write(Utf8JsonWriter json, int firstId, IReadOnlyList<TokenLogprobs?> positions)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("text_offset");
        foreach (var position in positions)
        {
            json.WriteNumberValue(_offset);
            _offset += Length(texts.Of(position?.TokenId ?? firstId));
        }

        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var position in positions)
        {
            if (position is null) json.WriteNullValue();
            else json.WriteLogprob(position.Logprob);
        }

        json.WriteEndArray();
        json.WriteStartArray("tokens");
        foreach (var position in positions) json.WriteStringValue(texts.Of(position?.TokenId ?? firstId));
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var position in positions) WriteTop(json, position);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static int Length(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    private void WriteTop(Utf8JsonWriter json, TokenLogprobs? position)
    {
        if (position is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        // Two ids may have the same text: the more likely one stands for it.
        foreach (var (text, logprob) in TokenTexts.WithChosen(position).Select(top => (Text: texts.Of(top.TokenId), top.Logprob))
            .DistinctBy(top => top.Text))
        {
            json.WritePropertyName(text);
            json.WriteLogprob(logprob);
        }

        json.WriteEndObject();
    }
}
