using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>
/// Reads <c>messages</c> into what chat templates take: role and content, a text or a list of text parts, whichever the template wants.
/// </summary>
internal static class MessagesReader
{
    /// <summary>The role that OpenAI's newer models have in place of system.</summary>
    public const string Developer = "developer";

    private const string System = "system";

    // A role is a word of the template; these belong to tools.
    private static readonly string[] ToolRoles = ["tool", "function"];
    private static readonly string[] ToolFields = ["tool_calls", "tool_call_id", "function_call", "audio"];

    /// <summary>Reads the messages of a request.</summary>
    /// <param name="fields">The fields of the request body.</param>
    /// <param name="asParts">Whether the template wants content as a list of parts.</param>
    /// <param name="knowsDeveloper">Whether the template knows the role developer; its messages are system messages otherwise.</param>
    public static JsonArray Read(JsonFields fields, bool asParts, bool knowsDeveloper)
    {
        var list = fields.Required("messages");
        if (list.ValueKind != JsonValueKind.Array) throw fields.Wrong("messages", "a list of messages", list);
        if (list.GetArrayLength() == 0) throw ApiException.BadField("messages", "messages must hold at least one message; got none.");
        var messages = new JsonArray();
        foreach (var item in list.EnumerateArray())
        {
            var path = $"messages[{messages.Count}]";
            if (item.ValueKind != JsonValueKind.Object) throw JsonFields.WrongType(path, "an object with role and content", item);
            messages.Add(ReadMessage(new JsonFields(item, path + "."), asParts, knowsDeveloper));
        }

        return messages;
    }

    private static JsonObject ReadMessage(JsonFields message, bool asParts, bool knowsDeveloper)
    {
        var role = message.RequiredString("role");
        if (ToolRoles.Contains(role))
            throw ApiException.BadField(message.PathOf("role"), $"{message.PathOf("role")} '{role}' is not supported yet.");
        foreach (var name in ToolFields)
            if (message.TryGet(name, out var value) && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
                throw ApiException.BadField(message.PathOf(name), $"{message.PathOf(name)} is not supported yet.");

        if (role == Developer && !knowsDeveloper) role = System;
        var read = new JsonObject { ["role"] = role, ["content"] = ReadContent(message, asParts) };
        if (message.String("name") is { } speaker) read["name"] = speaker;
        return read;
    }

    private static JsonNode ReadContent(JsonFields message, bool asParts)
    {
        var content = message.Required("content");
        var path = message.PathOf("content");
        var texts = content.ValueKind switch
        {
            JsonValueKind.String => [JsonFields.String(content, path)],
            JsonValueKind.Array => content.EnumerateArray().Select((part, index) => ReadPart(part, $"{path}[{index}]")).ToList(),
            _ => throw JsonFields.WrongType(path, "a string or a list of text parts", content),
        };
        if (asParts) return new JsonArray([.. texts.Select(text => new JsonObject { ["type"] = "text", ["text"] = text })]);
        return string.Join('\n', texts);
    }

    private static string ReadPart(JsonElement part, string path)
    {
        if (part.ValueKind == JsonValueKind.String) return JsonFields.String(part, path);
        if (part.ValueKind != JsonValueKind.Object) throw JsonFields.WrongType(path, "a text part", part);
        var fields = new JsonFields(part, path + ".");
        var type = fields.RequiredString("type");
        if (type is not "text")
            throw ApiException.BadField(fields.PathOf("type"),
                $"{fields.PathOf("type")} must be text, the only kind that is supported; got '{type}'.");
        return JsonFields.String(fields.Required("text"), fields.PathOf("text"));
    }
}
