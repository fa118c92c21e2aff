using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Operators.Output;

namespace Grid.Cli.Doctor;

/// <summary>Writes rows and says how it went.</summary>
internal static class DoctorReport
{
    /// <returns>1 where a check failed.</returns>
    public static int Write(DocumentWriter writer, IReadOnlyList<DoctorCheck> checks)
    {
        writer.Write(Document(checks), output =>
        {
            var table = new TextTable("CHECK", "TARGET", "STATUS", "DETAIL");
            foreach (var check in checks) table.Add(check.Check, check.Target, Word(check), check.Detail);
            table.Write(output);
        });
        return checks.Any(check => check.Status == CheckStatus.Fail) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static JsonArray Document(IEnumerable<DoctorCheck> checks) => new([.. checks.Select(check => new JsonObject
    {
        ["check"] = check.Check,
        ["target"] = check.Target,
        ["status"] = Word(check),
        ["detail"] = check.Detail,
    })]);

    private static string Word(DoctorCheck check) => check.Status.ToString().ToLowerInvariant();
}
