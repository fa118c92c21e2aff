using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>Body of <c>POST /internal/v1/resume</c>: a request that another rank began.</summary>
/// <param name="Path">Route of the original request: /v1/completions or /v1/chat/completions.</param>
/// <param name="Body">The client's JSON as it came.</param>
/// <param name="RequestId">Of the original request.</param>
/// <param name="Created">Seconds since 1970, as in the answer so far.</param>
/// <param name="Seed">Used where the body brings none.</param>
/// <param name="Attempt">Of this resume, from 1.</param>
/// <param name="Epoch">Of the rank that is asked.</param>
/// <param name="Choices">One a choice of the request, in order.</param>
public sealed record ResumeRequest(
    [property: JsonPropertyName(ResumeKeys.Path)] string Path,
    [property: JsonPropertyName(ResumeKeys.Body)] JsonElement Body,
    [property: JsonPropertyName(ResumeKeys.RequestId)] string RequestId,
    [property: JsonPropertyName(ResumeKeys.Created)] long Created,
    [property: JsonPropertyName(ResumeKeys.Seed)] long Seed,
    [property: JsonPropertyName(ResumeKeys.Attempt)] int Attempt,
    [property: JsonPropertyName(ResumeKeys.Epoch)] long Epoch,
    [property: JsonPropertyName(ResumeKeys.Choices)] ResumeChoice[] Choices);
