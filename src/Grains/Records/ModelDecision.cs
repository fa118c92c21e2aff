using Grid.Abstractions.Models;
namespace Grid.Grains.Records;

/// <summary>Every desired replica of a model, and the state of the model.</summary>
/// <param name="Desired">The number of replicas that are desired in the end.</param>
/// <param name="State">The state of the model.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">The reason for the state, as a sentence for people.</param>
/// <param name="Replicas">The replicas, sorted by index.</param>
internal sealed record ModelDecision(int Desired, ModelState State, string? Reason, string? Message, DesiredReplica[] Replicas)
{
    /// <summary>Nothing is left to do.</summary>
    public bool IsSettled => State is ModelState.Ready or ModelState.ScaledToZero;
}
