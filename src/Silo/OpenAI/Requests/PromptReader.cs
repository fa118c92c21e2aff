using System.Text.Json;
using Grid.Engine.Inputs;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads <c>prompt</c>: a text, texts, ids, or lists of ids.</summary>
internal static class PromptReader
{
    private const string Field = "prompt";
    private const string Forms = "a string, a list of strings, a list of token ids, or a list of lists of token ids";

    public static IReadOnlyList<PromptInput> Read(JsonFields fields)
    {
        var prompt = fields.Required(Field);
        if (prompt.ValueKind == JsonValueKind.String) return [Text(prompt, Field)];
        if (prompt.ValueKind != JsonValueKind.Array) throw fields.Wrong(Field, Forms, prompt);
        if (prompt.GetArrayLength() == 0) throw ApiException.BadField(Field, "prompt must hold at least one prompt; got none.");
        return prompt[0].ValueKind switch
        {
            JsonValueKind.Number => [Ids(prompt, Field)],
            JsonValueKind.String => Each(prompt, Text),
            JsonValueKind.Array => Each(prompt, Ids),
            _ => throw JsonFields.WrongType($"{Field}[0]", "a string, a token id or a list of token ids", prompt[0]),
        };
    }

    private static List<PromptInput> Each(JsonElement list, Func<JsonElement, string, PromptInput> read)
    {
        var prompts = new List<PromptInput>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray()) prompts.Add(read(item, $"{Field}[{prompts.Count}]"));
        return prompts;
    }

    private static PromptInput Text(JsonElement value, string path) => PromptInput.FromText(JsonFields.String(value, path));

    private static PromptInput Ids(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array) throw JsonFields.WrongType(path, "a list of token ids", value);
        var ids = new int[value.GetArrayLength()];
        var index = 0;
        foreach (var id in value.EnumerateArray())
        {
            ids[index] = JsonFields.Int(id, $"{path}[{index}]");
            index++;
        }

        return PromptInput.FromTokenIds(ids);
    }
}
