using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>The body of <c>POST /internal/v1/resume</c>: a request that another rank began.</summary>
/// <param name="Path">The route of the original request, either /v1/completions or /v1/chat/completions.</param>
/// <param name="Body">The client's JSON, unchanged.</param>
/// <param name="RequestId">The id of the original request.</param>
/// <param name="Created">The time in the answer so far, in seconds since 1970.</param>
/// <param name="Seed">The seed to use if the body has none.</param>
/// <param name="Attempt">The number of this resume, from 1.</param>
/// <param name="Epoch">The epoch of the rank that is asked.</param>
/// <param name="Choices">The choices of the request, in order.</param>
public sealed record ResumeRequest(
    [property: JsonPropertyName(ResumeKeys.Path)] string Path,
    [property: JsonPropertyName(ResumeKeys.Body)] JsonElement Body,
    [property: JsonPropertyName(ResumeKeys.RequestId)] string RequestId,
    [property: JsonPropertyName(ResumeKeys.Created)] long Created,
    [property: JsonPropertyName(ResumeKeys.Seed)] long Seed,
    [property: JsonPropertyName(ResumeKeys.Attempt)] int Attempt,
    [property: JsonPropertyName(ResumeKeys.Epoch)] long Epoch,
    [property: JsonPropertyName(ResumeKeys.Choices)] ResumeChoice[] Choices);
