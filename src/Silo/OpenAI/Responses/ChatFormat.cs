using System.Text.Json;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Responses;

/// <summary><c>chat.completion</c> and <c>chat.completion.chunk</c>.</summary>
internal sealed class ChatFormat(GenerationRequest request, TokenTexts texts) : AnswerFormat(request, texts)
{
    public override bool HasOpening => true;

    protected override string AnswerObject => "chat.completion";

    protected override string ChunkObject => "chat.completion.chunk";

    protected override void WriteChoice(Utf8JsonWriter json, int index, OutputDelta delta)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", delta.Text);
        json.WriteNull("refusal");
        json.WriteEndObject();
        WriteRest(json, delta);
    }

    protected override void WriteChoiceDelta(Utf8JsonWriter json, int index, OutputDelta delta)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("content", delta.Text);
        json.WriteEndObject();
        WriteRest(json, delta);
    }

    protected override void WriteOpeningChoice(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteNull("finish_reason");
        json.WriteEndObject();
    }

    protected override void WriteOpeningTail(Utf8JsonWriter json)
    {
        if (Request.ReturnTokenIds) json.WriteIds("prompt_token_ids", Request.Prompts[0].PromptTokenIds);
    }

    protected override void WriteTail(Utf8JsonWriter json, IReadOnlyList<OutputDelta> choices)
    {
        WriteOpeningTail(json);
        if (Request.ReturnPromptLogprobs && choices[0].PromptLogprobs is { } positions) PromptLogprobsWriter.Write(json, positions, Texts);
    }

    private void WriteRest(Utf8JsonWriter json, OutputDelta delta)
    {
        if (delta.Logprobs.Count > 0) WriteLogprobs(json, delta.Logprobs);
        else json.WriteNull("logprobs");
        json.WriteFinish(delta);
        if (Request.ReturnTokenIds) json.WriteIds("token_ids", delta.TokenIds);
        json.WriteEndObject();
    }

    private void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<TokenLogprobs> positions)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var position in positions)
        {
            json.WriteStartObject();
            WriteToken(json, position.TokenId, position.Logprob);
            json.WriteStartArray("top_logprobs");
            foreach (var top in position.Top)
            {
                json.WriteStartObject();
                WriteToken(json, top.TokenId, top.Logprob);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteToken(Utf8JsonWriter json, int id, float logprob)
    {
        json.WriteString("token", Texts.Of(id));
        json.WritePropertyName("logprob");
        json.WriteLogprob(logprob);
        json.WriteStartArray("bytes");
        foreach (var value in Texts.BytesOf(id)) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
