namespace Grid.Cli.Doctor;

/// <summary>A row of <c>grid doctor</c>.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Target">What was checked, such as a node or a file.</param>
/// <param name="Status">The outcome of the check.</param>
/// <param name="Detail">What was found, and what to do about it.</param>
internal sealed record DoctorCheck(string Check, string Target, CheckStatus Status, string Detail)
{
    public static DoctorCheck Ok(string check, string target, string detail) => new(check, target, CheckStatus.Ok, detail);

    public static DoctorCheck Warn(string check, string target, string detail) => new(check, target, CheckStatus.Warn, detail);

    public static DoctorCheck Fail(string check, string target, string detail) => new(check, target, CheckStatus.Fail, detail);

    /// <summary>Runs something that throws where it does not work.</summary>
    public static DoctorCheck Try<TFault>(string check, string target, Func<string> look) where TFault : Exception
    {
        try
        {
            return Ok(check, target, look());
        }
        catch (TFault fault)
        {
            return Fail(check, target, fault.Message);
        }
    }
}
