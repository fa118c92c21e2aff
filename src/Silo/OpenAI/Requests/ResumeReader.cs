using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads the body of <c>/internal/v1/resume</c>.</summary>
internal static class ResumeReader
{
    // The client's body within another object, and what became of it.
    private const int MaxBytes = 64 << 20;
    private const int MaxDepth = BodyReader.MaxDepth + 8;

    private static readonly JsonSerializerOptions Options = new() { MaxDepth = MaxDepth };

    public static async Task<ResumeRequest> ReadAsync(HttpRequest request)
    {
        using var body = await RequestBody.ReadAsync(request, MaxBytes, MaxDepth);
        try
        {
            var resume = body.RootElement.Deserialize<ResumeRequest>(Options)!;
            if (resume.Path is null) throw Missing("path");
            if (resume.RequestId is null) throw Missing("requestId");
            if (resume.Choices is null) throw Missing("choices");
            if (resume.Body.ValueKind != JsonValueKind.Object)
                throw ApiException.BadField("body", "body must be the JSON object of the original request.");
            return resume;
        }
        catch (JsonException e)
        {
            throw ApiException.BadField(e.Path?.TrimStart('$', '.') ?? "", $"The body is no request to resume: {e.Message}");
        }
    }

    /// <summary>What the request brings beside the client's body.</summary>
    public static RequestOrigin ToOrigin(ResumeRequest resume) => new(resume.RequestId)
    {
        Attempt = resume.Attempt,
        Seed = resume.Seed,
        Created = resume.Created,
        Epoch = resume.Epoch,
        Choices = [.. resume.Choices.Select(ToChoice)],
    };

    private static ResumedChoice ToChoice(ResumeChoice choice) => ExtraJson.Read(choice.Extra ?? [], new ResumedChoice
    {
        Tokens = choice.Tokens ?? [],
        Bytes = choice.Bytes,
        Finish = choice.Finish,
        Opened = choice.Opened,
    });

    private static ApiException Missing(string field) => ApiException.BadField(field, $"{field} is required and missing.");
}
