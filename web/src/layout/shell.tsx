import { AppShell, Burger, Group, Loader, NavLink, ScrollArea, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect } from "react";
import { Link, Navigate, Outlet, useLocation, useNavigation } from "react-router";
import { ApiError } from "../api/api-error.ts";
import { eventStream } from "../api/events.ts";
import type { ConsoleSession } from "../api/generated/warren-api.ts";
import { useSessionQuery } from "../api/session.ts";
import { ErrorPanel } from "../components/error-panel.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ColourSchemeSwitch } from "./colour-scheme-switch.tsx";
import { LiveState } from "./live-state.tsx";
import { NAV_LINKS } from "./nav-links.ts";
import { Waiting } from "./waiting.tsx";

/** What surrounds every page, for those who are signed in; others are sent to sign in and come back. */
export function Shell() {
  const { data: session, error, isPending, refetch } = useSessionQuery();
  const { pathname, search } = useLocation();
  if (isPending) return <Waiting />;
  if (error instanceof ApiError && error.code === "unauthorized") {
    return <Navigate to="/sign-in" replace state={{ from: `${pathname}${search}` }} />;
  }
  if (session === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  return <SignedIn session={session} />;
}

function SignedIn({ session }: { readonly session: ConsoleSession }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const mayListen = session.rights.includes("event:read");
  useEffect(() => {
    if (!mayListen) return;
    eventStream.open();
    return () => eventStream.close();
  }, [mayListen]);
  const links = NAV_LINKS.filter(({ right }) => session.rights.includes(right));
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: "xs", sm: "md" }} justify="space-between" wrap="nowrap">
          <Group gap={8} wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? "Close the menu" : "Open the menu"}
            />
            <img src={`${import.meta.env.BASE_URL}icon.svg`} width={26} height={26} alt="" />
            <Title order={1} size="h4">
              Warren
            </Title>
            {state === "loading" && <Loader size="xs" role="img" aria-label="Loading the page" />}
          </Group>
          <Group gap={6} wrap="nowrap">
            {mayListen && <LiveState />}
            <ColourSchemeSwitch />
            <AccountMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea>
          {links.map(({ to, label }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={label}
              active={isActive(pathname, to)}
              aria-current={isActive(pathname, to) ? "page" : undefined}
              onClick={close}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function isActive(pathname: string, to: string): boolean {
  return to === "/" ? pathname === "/" : pathname === to || pathname.startsWith(`${to}/`);
}
