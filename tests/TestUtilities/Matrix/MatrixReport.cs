namespace Grid.TestUtilities.Matrix;

/// <summary>
/// Lines of <c>tests/full-matrix.sh</c>: family, layout, backend and what came of it, separated by tabs, in the file that
/// GRID_MATRIX_REPORT names. GRID_MATRIX=full asks for the cases that continuous integration leaves out.
/// </summary>
public static class MatrixReport
{
    private static readonly Lock OneAtATime = new();

    /// <summary>Whether all cases are to be run.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("GRID_MATRIX") == "full";

    /// <summary>Runs a case and writes its line.</summary>
    /// <param name="family">Of the model.</param>
    /// <param name="layout">Its sizes.</param>
    /// <param name="backend">Who runs the shards.</param>
    /// <param name="run">The case: ok, or refused and why. What it throws is a failure.</param>
    public static async Task WriteAsync(string family, string layout, string backend, Func<Task<string>> run)
    {
        var result = "failed";
        try
        {
            result = await run().ConfigureAwait(false);
        }
        finally
        {
            if (Environment.GetEnvironmentVariable("GRID_MATRIX_REPORT") is { Length: > 0 } file)
                lock (OneAtATime) File.AppendAllText(file, $"{family}\t{layout}\t{backend}\t{result}\n");
        }
    }
}
