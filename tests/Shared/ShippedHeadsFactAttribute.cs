using Xunit;

namespace StemJepa.TestSupport;

/// <summary>A test of the heads inside the library; skipped, and says so, for builds that carry none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShippedHeadsFactAttribute : FactAttribute
{
    public ShippedHeadsFactAttribute()
    {
        if (typeof(StemAffinity).Assembly.GetManifestResourceInfo("Model/heads.json") is null)
            Skip = "This build of the library carries no heads: train them into src/StemJepa/Model with the command heads of StemJepa.Export.";
    }
}
