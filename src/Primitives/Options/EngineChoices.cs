namespace Grid.Primitives.Options;

/// <summary>The choices of the engine's options by name.</summary>
public static class EngineChoices
{
    /// <summary>Of <c>--runner</c>.</summary>
    public static OptionChoices<RunnerKind> Runners { get; } =
        new((RunnerKind.Auto, "auto"), (RunnerKind.Fast, "fast"), (RunnerKind.Eager, "eager"), (RunnerKind.Sim, "sim"));

    /// <summary>Of <c>--dtype</c>.</summary>
    public static OptionChoices<ModelDType> DTypes { get; } = new(
        (ModelDType.Auto, "auto"), (ModelDType.Float32, "float32"), (ModelDType.BFloat16, "bfloat16"), (ModelDType.Float16, "float16"));

    /// <summary>Of <c>--load-format</c>.</summary>
    public static OptionChoices<LoadFormat> LoadFormats { get; } = new((LoadFormat.Auto, "auto"), (LoadFormat.Dummy, "dummy"));

    /// <summary>Of <c>--quantization</c>.</summary>
    public static OptionChoices<WeightQuantization> Quantizations { get; } =
        new((WeightQuantization.None, "none"), (WeightQuantization.Int8, "int8"), (WeightQuantization.Fp8, "fp8"));

    /// <summary>Of <c>--scheduling-policy</c>.</summary>
    public static OptionChoices<SchedulingPolicy> SchedulingPolicies { get; } =
        new((SchedulingPolicy.Fcfs, "fcfs"), (SchedulingPolicy.Priority, "priority"));

    /// <summary>Of <c>--expert-placement-strategy</c>.</summary>
    public static OptionChoices<ExpertPlacementStrategy> ExpertPlacements { get; } =
        new((ExpertPlacementStrategy.Linear, "linear"), (ExpertPlacementStrategy.RoundRobin, "round_robin"));

    /// <summary>Of <c>--distributed-executor-backend</c>; <c>uni</c> and <c>mp</c> are vLLM's names.</summary>
    public static OptionChoices<ExecutorBackend> Backends { get; } =
        new((ExecutorBackend.InProcess, "inprocess"), (ExecutorBackend.Process, "process"), (ExecutorBackend.Grid, "grid"))
        {
            Synonyms = new Dictionary<string, ExecutorBackend> { ["uni"] = ExecutorBackend.InProcess, ["mp"] = ExecutorBackend.Process },
        };
}
