using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grid.Silo.Tests.Resuming;

/// <summary>An answer in a form that does not depend on where its stream was cut into chunks.</summary>
internal static class Summary
{
    /// <summary>Of the data that a client got, with or without [DONE].</summary>
    public static string Of(IReadOnlyList<string> data, bool stream, bool withCachedTokens)
    {
        if (!stream)
        {
            var whole = JsonNode.Parse(Assert.Single(data))!;
            if (!withCachedTokens) whole["usage"]!["prompt_tokens_details"]!["cached_tokens"] = null;
            return whole.ToJsonString();
        }

        Assert.Equal("[DONE]", data[^1]);
        var summary = new JsonObject { ["choices"] = new JsonObject() };
        foreach (var text in data.SkipLast(1)) Add(summary, JsonNode.Parse(text)!.AsObject(), withCachedTokens);
        return summary.ToJsonString();
    }

    private static void Add(JsonObject summary, JsonObject chunk, bool withCachedTokens)
    {
        Assert.DoesNotContain("error", chunk.Select(field => field.Key));
        foreach (var name in new[] { "id", "object", "created", "model" })
        {
            if (summary[name] is null) summary[name] = chunk[name]!.DeepClone();
            Assert.True(JsonNode.DeepEquals(summary[name], chunk[name]));
        }

        if (chunk["prompt_token_ids"] is { } ids) Append(summary, "prompt_token_ids", ids);
        if (chunk["usage"] is JsonObject usage)
        {
            if (!withCachedTokens) usage["prompt_tokens_details"]!["cached_tokens"] = null;
            Append(summary, "usage", usage);
        }

        foreach (var choice in chunk["choices"]!.AsArray()) Add(summary["choices"]!.AsObject(), choice!.AsObject());
    }

    private static void Add(JsonObject choices, JsonObject choice)
    {
        var index = choice["index"]!.ToString();
        if (choices[index] is not JsonObject sum) choices[index] = sum = [];
        Assert.Null(sum["finish_reason"]);
        Merge(sum, choice);
    }

    private static void Merge(JsonObject sum, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            if (value is null || name == "index") continue;
            if (value is JsonObject inner)
            {
                if (sum[name] is not JsonObject innerSum) sum[name] = innerSum = [];
                Merge(innerSum, inner);
            }
            else if (value is JsonArray items)
            {
                foreach (var item in items) Append(sum, name, item);
            }
            else if (value.GetValueKind() == JsonValueKind.String)
            {
                sum[name] = (string?)sum[name] + (string?)value;
            }
            else
            {
                Append(sum, name, value);
            }
        }
    }

    private static void Append(JsonObject sum, string name, JsonNode? value)
    {
        if (sum[name] is not JsonArray list) sum[name] = list = [];
        list.Add(value?.DeepClone());
    }
}
