namespace Fixture.Palette;

public static class Colors
{
    public static string Accent => "teal";
}
