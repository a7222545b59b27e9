// The pages are read in the repository, too, and lead to files beside them. On the site the README is
// the page `reference`; what is no page (a test, the licence) is named without a link, as the site does
// not know where the repository is.
const README = /^(\.\.\/)?README\.md/;

function targetOf(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  if (README.test(href)) return href.replace(README, './reference.md');
  if (page === 'reference.md') return href.startsWith('docs/') ? `./${href.slice(5)}` : null;
  if (page.startsWith('api/')) return href;
  return href.startsWith('../') || !/^[^#.]+(\.md)?(#|$)/.test(href.replace('./', ''))
    ? null
    : href;
}

export function ownLinks(md) {
  md.core.ruler.push('own-links', ({ tokens, env }) => {
    for (const token of tokens) {
      if (token.type === 'html_block') {
        token.content = token.content.replaceAll('src="docs/', 'src="./');
      } else if (token.type === 'fence' && token.info === 'mermaid') {
        // GitHub draws these. VitePress does not, and there is one.
        token.type = 'html_block';
        token.content = '<img src="./life-of-an-attempt.svg" alt="The statuses of an attempt">';
      }
      let closing = false;
      for (const child of token.children ?? []) {
        if (child.type === 'link_open') {
          const target = targetOf(child.attrGet('href'), env.relativePath ?? '');
          if (target === null) {
            child.tag = 'em';
            child.type = 'em_open';
            child.attrs = null;
            closing = true;
          } else child.attrSet('href', target);
        } else if (child.type === 'link_close' && closing) {
          child.tag = 'em';
          child.type = 'em_close';
          closing = false;
        }
      }
    }
  });
}
