namespace Whence.Pictures;

/// <summary>The colours of plots: series that are told apart with any colour vision (Okabe and Ito 2008), greys for all else.</summary>
internal static class Ink
{
    public const string Text = "#222222";
    public const string Soft = "#666666";
    public const string Grid = "#e4e4e4";
    public const string Axis = "#888888";

    private static readonly Colour[] series =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(0, 0, 0),
        new(150, 140, 20),
    ];

    private static readonly string?[] dashes = [null, "6 3", "2 2"];

    /// <summary>The colour of a series by its place; after eight they begin again.</summary>
    public static Colour Of(int place) => series[place % series.Length];

    /// <summary>The dashes of a line by its place: plain for the first eight, then dashed, then dotted.</summary>
    public static string? DashOf(int place) => dashes[place / series.Length % dashes.Length];

    /// <summary>Black or white, whichever is easier to read upon this colour.</summary>
    public static string Upon(Colour colour) => 0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue > 140 ? Text : "#ffffff";
}
