namespace StemJepa.TestSupport;

/// <summary>A test of the model inside the library; skipped for builds that carry none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShippedModelFactAttribute : FactAttribute
{
    public ShippedModelFactAttribute()
    {
        if (typeof(StemAffinity).Assembly.GetManifestResourceInfo("Model/model.json") is null)
            Skip = "This build of the library carries no model: put one into src/StemJepa/Model.";
    }
}
