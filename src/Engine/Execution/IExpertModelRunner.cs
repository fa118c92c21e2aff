using Grid.Engine.Experts;

namespace Grid.Engine.Execution;

/// <summary>A runner whose model may have experts elsewhere.</summary>
internal interface IExpertModelRunner : IModelRunner
{
    /// <summary>What it asked of them; null: all are its own.</summary>
    ExpertUsage? ExpertUsage { get; }
}
