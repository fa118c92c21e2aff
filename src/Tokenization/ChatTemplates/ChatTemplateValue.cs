using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates;

/// <summary>A JSON-like value as templates see it. The default value is None.</summary>
public readonly struct ChatTemplateValue
{
    private ChatTemplateValue(object? value) => Value = value;

    internal object? Value { get; }

    /// <summary>Any JSON value; of a property given twice the last counts.</summary>
    public static implicit operator ChatTemplateValue(JsonElement element) => new(JsonValues.From(element));

    /// <summary>Any JSON value; null is None.</summary>
    public static implicit operator ChatTemplateValue(JsonNode? node) => new(JsonValues.From(node));

    /// <summary>A string; null is None.</summary>
    public static implicit operator ChatTemplateValue(string? text) => new(text);

    /// <summary>A truth value.</summary>
    public static implicit operator ChatTemplateValue(bool flag) => new(flag);

    /// <summary>An integer.</summary>
    public static implicit operator ChatTemplateValue(long number) => new(number);
}
