using Grid.Engine.Configuration;

namespace Grid.Engine.Validation;

/// <summary>Checks engine options before anything is loaded, and reports all faults together.</summary>
public static class EngineOptionsValidator
{
    /// <summary>Checks each option by itself, all of them together, and whether the model can be split as they ask.</summary>
    /// <param name="config">The model; null: one without layers.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>, one fault a line.</exception>
    public static void Validate(ModelConfig? config, EngineOptions options)
    {
        string[] faults = [.. EngineOptionRules.Find(options).Select(fault => fault.Message)];
        // Layouts are computed with, and so only looked at where all sizes are numbers that can be.
        if (faults.Length == 0) faults = [.. LayoutValidator.FindFaults(config, options)];
        if (faults.Length > 0) throw new ModelLoadException(string.Join(Environment.NewLine, faults), ModelLoadFault.Layout);
    }
}
