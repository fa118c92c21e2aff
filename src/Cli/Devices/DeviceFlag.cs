using System.CommandLine;
using Grid.Primitives.Options;

namespace Grid.Cli.Devices;

/// <summary><c>--device</c>, which repeats.</summary>
internal sealed class DeviceFlag
{
    private readonly Option<DeviceSpec[]> _option;

    /// <param name="rule">What values look like, for help and error messages.</param>
    /// <param name="description">What the devices are for.</param>
    /// <param name="suits">Whether a device can be used for it.</param>
    public DeviceFlag(string rule, string description, Func<DeviceSpec, bool> suits) => _option = new Option<DeviceSpec[]>("--device")
    {
        Description = description,
        HelpName = rule,
        CustomParser = result =>
        {
            var specs = new List<DeviceSpec>();
            foreach (var token in result.Tokens)
            {
                if (DeviceSpec.TryParse(token.Value, out var spec) && suits(spec)) specs.Add(spec);
                else result.AddError($"--device must be {rule.Replace("|", " or ", StringComparison.Ordinal)}; got '{token.Value}'.");
            }

            return [.. specs];
        },
    };

    /// <summary>The flag.</summary>
    public Option Option => _option;

    /// <summary>The devices that the line names, in its order; empty: none.</summary>
    /// <param name="result">A line without parse errors.</param>
    public IReadOnlyList<DeviceSpec> Read(ParseResult result) => result.GetValue(_option) ?? [];
}
