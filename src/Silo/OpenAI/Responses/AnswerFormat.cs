using System.Text.Json;
using Grid.Engine.Outputs;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>Writes the answers to one request, whole or in chunks. It remembers how far each choice is.</summary>
internal abstract class AnswerFormat(GenerationRequest request, TokenTexts texts)
{
    private readonly bool[] _begun = [.. Enumerable.Range(0, request.NumChoices).Select(request.HasBegun)];

    protected GenerationRequest Request { get; } = request;

    protected TokenTexts Texts { get; } = texts;

    /// <summary><c>object</c> of a whole answer.</summary>
    protected abstract string AnswerObject { get; }

    /// <summary><c>object</c> of a chunk.</summary>
    protected abstract string ChunkObject { get; }

    /// <summary>Whether a choice of a stream begins with a separate chunk.</summary>
    public virtual bool HasOpening => false;

    /// <summary>True once for each choice.</summary>
    public bool IsFirst(int index)
    {
        var isFirst = !_begun[index];
        _begun[index] = true;
        return isFirst;
    }

    /// <summary>The whole answer.</summary>
    public void WriteAnswer(Utf8JsonWriter json, IReadOnlyList<OutputDelta> choices, Usage usage)
    {
        WriteHead(json, AnswerObject);
        for (var index = 0; index < choices.Count; index++) WriteChoice(json, index, choices[index]);
        json.WriteEndArray();
        json.WriteUsage(usage);
        WriteTail(json, choices);
        json.WriteEndObject();
    }

    /// <summary>The chunk that begins a choice.</summary>
    public void WriteOpening(Utf8JsonWriter json, int index)
    {
        WriteHead(json, ChunkObject);
        WriteOpeningChoice(json, index);
        json.WriteEndArray();
        if (Request.IncludeUsage) json.WriteNull("usage");
        if (index == 0) WriteOpeningTail(json);
        json.WriteEndObject();
    }

    /// <summary>The chunk of a gain.</summary>
    public void WriteChunk(Utf8JsonWriter json, ChoiceDelta delta, Usage? usage)
    {
        WriteHead(json, ChunkObject);
        WriteChoiceDelta(json, delta.Index, delta.Delta);
        json.WriteEndArray();
        if (usage is { } counts) json.WriteUsage(counts);
        else if (Request.IncludeUsage) json.WriteNull("usage");
        json.WriteEndObject();
    }

    /// <summary>The last chunk of a stream that asked for it.</summary>
    public void WriteUsageChunk(Utf8JsonWriter json, Usage usage)
    {
        WriteHead(json, ChunkObject);
        json.WriteEndArray();
        json.WriteUsage(usage);
        json.WriteEndObject();
    }

    protected abstract void WriteChoice(Utf8JsonWriter json, int index, OutputDelta delta);

    protected abstract void WriteChoiceDelta(Utf8JsonWriter json, int index, OutputDelta delta);

    protected virtual void WriteOpeningChoice(Utf8JsonWriter json, int index)
    {
    }

    protected virtual void WriteOpeningTail(Utf8JsonWriter json)
    {
    }

    protected virtual void WriteTail(Utf8JsonWriter json, IReadOnlyList<OutputDelta> choices)
    {
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", Request.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", Request.Created);
        json.WriteString("model", Request.Model);
        json.WriteStartArray("choices");
    }
}
