using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Grains.Models;

namespace Grid.Grains.Tests.Models;

public sealed class ModelScalerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AutoscaleSpec Spec = new(
        1, 4, 1000, 0.8, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(2));

    private static readonly ModelLoad Busy = new(0, 1, 1, 2500, 0, 0, Now, true);

    [Fact]
    public void Observe_ANewActivationMidWindow_ContinuesTheWindow()
    {
        var first = new ModelScaler().Observe(Seen(null), Now);
        Assert.Equal(1, first.Windows.Desired);
        // The activation is gone, and the next one knows only what the grid heard.
        var second = new ModelScaler().Observe(Seen(first), Now.AddSeconds(9));
        Assert.Equal(1, second.Windows.Desired);
        Assert.Equal(3, new ModelScaler().Observe(Seen(second), Now.AddSeconds(10)).Windows.Desired);
    }

    [Fact]
    public void Observe_ANewGrid_IsAnsweredFromTheModelsOwnWindows()
    {
        var model = new ModelScaler();
        model.Observe(Seen(null), Now);
        Assert.Equal(3, model.Observe(Seen(null), Now.AddSeconds(10)).Windows.Desired);
    }

    [Fact]
    public void Observe_AfterALongSilence_StartsOver()
    {
        var model = new ModelScaler();
        model.Observe(Seen(null), Now);
        Assert.Equal(1, model.Observe(Seen(null), Now.AddMinutes(2)).Windows.Desired);
    }

    private static ScaleObservation Seen(ScaleRecommendation? known) => new("m", Spec, Busy, 1, 1, known);
}
