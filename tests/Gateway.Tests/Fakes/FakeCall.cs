using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>A request that a fake silo got.</summary>
internal sealed class FakeCall
{
    public required string Path { get; init; }

    public required string Rank { get; init; }

    public required int Attempt { get; init; }

    public required long Epoch { get; init; }

    public required long Seed { get; init; }

    public required long Created { get; init; }

    public required string RequestId { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The client's body.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>Null for a request that begins.</summary>
    public ResumeRequest? Resume { get; init; }

    /// <summary>Completes when the gateway has let go of the connection.</summary>
    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
