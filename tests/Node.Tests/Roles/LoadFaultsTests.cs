using Grid.Engine.Configuration;
using Grid.Node.Roles;

namespace Grid.Node.Tests.Roles;

public sealed class LoadFaultsTests
{
    [Theory]
    [InlineData(ModelLoadFault.Broken, 1)]
    [InlineData(ModelLoadFault.Layout, 2)]
    [InlineData(ModelLoadFault.NotFound, 5)]
    [InlineData(ModelLoadFault.DoesNotFit, 6)]
    public void ExitCodeOf_Fault_IsItsCode(ModelLoadFault fault, int expected) => Assert.Equal(expected, LoadFaults.ExitCodeOf(fault));
}
