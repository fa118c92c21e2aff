using System.Globalization;
using System.Text.Json;
using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>Writes vLLM's <c>prompt_logprobs</c>: null for the first token, then at each position a table by id.</summary>
internal static class PromptLogprobsWriter
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprobs?> positions, TokenTexts texts)
    {
        json.WriteStartArray("prompt_logprobs");
        foreach (var position in positions)
        {
            if (position is null)
            {
                json.WriteNullValue();
                continue;
            }

            json.WriteStartObject();
            var isChosenOnTop = false;
            for (var i = 0; i < position.Top.Count; i++)
            {
                Write(json, position.Top[i].TokenId, position.Top[i].Logprob, i + 1, texts);
                isChosenOnTop |= position.Top[i].TokenId == position.TokenId;
            }

            if (!isChosenOnTop) Write(json, position.TokenId, position.Logprob, position.Rank, texts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, int id, float logprob, int rank, TokenTexts texts)
    {
        json.WriteStartObject(id.ToString(CultureInfo.InvariantCulture));
        json.WritePropertyName("logprob");
        json.WriteLogprob(logprob);
        json.WriteNumber("rank", rank);
        json.WriteString("decoded_token", texts.Of(id));
        json.WriteEndObject();
    }
}
