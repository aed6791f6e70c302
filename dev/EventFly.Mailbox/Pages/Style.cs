namespace EventFly.Mailbox.Pages;

internal static class Style
{
    private const string Sheet =
        """
        :root { color-scheme: light dark; --line: #8885; --link: light-dark(#0b57d0, #9ec1ff); }
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 0 1rem 3rem; }
        header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; }
        header p:first-child { font-weight: 600; font-size: 1.15rem; }
        h1 { font-size: 1.5rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
        a { color: var(--link); }
        a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: .5rem; background: Canvas; padding: .5rem; }
        form { margin: 0 0 1.5rem; }
        input, button { font: inherit; padding: .4rem .7rem; min-height: 2.5rem; border: 1px solid #888; border-radius: .4rem; }
        input { width: min(24rem, 100%); }
        table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; }
        caption { text-align: left; padding-bottom: .5rem; }
        th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        td:first-child { white-space: nowrap; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
        dt { font-weight: 600; }
        dd { margin: 0; overflow-wrap: anywhere; }
        pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; }
        .problem { border-left: .3rem solid #c5221f; padding-left: .75rem; }
        """;

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/style.css", static () => Results.Text(Sheet, "text/css"));
}
