using System.Text.Json;

namespace Grid.Hosting.Http;

/// <summary>Errors for a body that is not a JSON object.</summary>
public static class BodyFaults
{
    /// <summary>There is none.</summary>
    public static ApiException Empty() => Broken("The body must be a JSON object; got nothing.");

    /// <summary>It is not text.</summary>
    public static ApiException NotUtf8() => Broken("The body must be UTF-8; got other bytes.");

    /// <summary>A name in it is no text.</summary>
    /// <param name="at">The byte at which the name begins.</param>
    public static ApiException NotUnicode(long at) =>
        Broken($"The body's names must be valid Unicode, and the one at byte {at} holds half of a surrogate pair.");

    /// <summary>It does not parse, or is too deep.</summary>
    public static ApiException NotJson(JsonException e, int maxDepth = BodyReader.MaxDepth) => Broken(
        $"The body must be JSON at most {maxDepth} levels deep: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')} (line "
        + $"{e.LineNumber + 1}, byte {e.BytePositionInLine}).");

    /// <summary>It is another kind of JSON.</summary>
    /// <param name="kind">What it is, such as <c>a list</c>.</param>
    public static ApiException NotAnObject(string kind) => Broken($"The body must be a JSON object; got {kind}.");

    private static ApiException Broken(string message) => new(StatusCodes.Status400BadRequest, message, code: "invalid_json");
}
