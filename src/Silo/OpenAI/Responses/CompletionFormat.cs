using System.Text.Json;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Responses;

/// <summary><c>text_completion</c>, whole and in chunks, which have the same form.</summary>
internal sealed class CompletionFormat(GenerationRequest request, TokenTexts texts) : AnswerFormat(request, texts)
{
    private readonly CompletionLogprobsWriter[] _logprobs =
        [.. Enumerable.Range(0, request.NumChoices).Select(index => CreateLogprobs(request, index, texts))];

    protected override string AnswerObject => "text_completion";

    protected override string ChunkObject => "text_completion";

    protected override void WriteChoice(Utf8JsonWriter json, int index, OutputDelta delta)
    {
        var isFirst = IsFirst(index);
        var prompt = Request.PromptOf(index);
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("text", Request.Echo && isFirst ? Echo(prompt.PromptTokenIds, prompt.Prompt) + delta.Text : delta.Text);
        WriteLogprobs(json, index, delta, isFirst);
        json.WriteFinish(delta);
        if (Request.ReturnTokenIds)
        {
            json.WriteIds("token_ids", delta.TokenIds);
            if (isFirst) json.WriteIds("prompt_token_ids", prompt.PromptTokenIds);
        }

        if (Request.ReturnPromptLogprobs && delta.PromptLogprobs is { } positions) PromptLogprobsWriter.Write(json, positions, Texts);
        json.WriteEndObject();
    }

    protected override void WriteChoiceDelta(Utf8JsonWriter json, int index, OutputDelta delta) => WriteChoice(json, index, delta);

    private static CompletionLogprobsWriter CreateLogprobs(GenerationRequest request, int index, TokenTexts texts)
    {
        var writer = new CompletionLogprobsWriter(texts);
        if (!request.HasBegun(index)) return writer;
        if (request.Echo) writer.Skip(request.PromptOf(index).PromptTokenIds);
        writer.Skip(request.ResumedOf(index).Tokens);
        return writer;
    }

    private string Echo(int[] ids, string? text) => text ?? Texts.Of(ids);

    private void WriteLogprobs(Utf8JsonWriter json, int index, OutputDelta delta, bool isFirst)
    {
        var sampling = Request.PromptOf(index).Sampling;
        IReadOnlyList<TokenLogprobs?> prompt = Request.Echo && isFirst && sampling.Logprobs is not null ? delta.PromptLogprobs ?? [] : [];
        if (sampling.Logprobs is null || prompt.Count + delta.Logprobs.Count == 0) json.WriteNull("logprobs");
        else _logprobs[index].Write(json, Request.PromptOf(index).PromptTokenIds[0], [.. prompt, .. delta.Logprobs]);
    }
}
