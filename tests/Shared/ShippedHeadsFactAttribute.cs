using Xunit;

namespace StemJepa.TestSupport;

/// <summary>A test of the heads inside the library; skipped, and says so, for builds that carry none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShippedHeadsFactAttribute : FactAttribute
{
    public ShippedHeadsFactAttribute()
    {
        if (Type.GetType("StemJepa.StemAnalyzer, StemJepa.Analysis")?.Assembly.GetManifestResourceInfo("Heads/heads.json") is null)
            Skip =
                "This build carries no heads: train them into src/StemJepa.Analysis/Heads with the command heads of StemJepa.Export.";
    }
}
