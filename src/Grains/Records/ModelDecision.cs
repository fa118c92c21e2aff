using Grid.Abstractions.Models;
namespace Grid.Grains.Records;

/// <summary>Every replica of a model that is to exist, and how the model is.</summary>
/// <param name="Desired">The number of replicas that are wanted in the end.</param>
/// <param name="State">The state of the model.</param>
/// <param name="Reason">Why, as a word for programs.</param>
/// <param name="Message">Why, as a sentence for people.</param>
/// <param name="Replicas">The replicas, sorted by index.</param>
internal sealed record ModelDecision(int Desired, ModelState State, string? Reason, string? Message, DesiredReplica[] Replicas)
{
    /// <summary>Nothing is left to do.</summary>
    public bool IsSettled => State is ModelState.Ready or ModelState.ScaledToZero;
}
